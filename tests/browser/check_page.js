// Opens a page in headless Chromium, as its readers will: wide and on a phone, light and dark. Prints each problem on a
// line of its own and ends with status 1 if there is one.
//
//     node check_page.js PAGE.html [FOLDER FOR SCREENSHOTS]
"use strict";
const fs = require("fs");
const path = require("path");
const { fileURLToPath } = require("url");
const { Browser } = require("./browser.js");

// --- The checks that run inside the page. Each returns sentences. ---

async function checkPictures() {
    const problems = [];
    for (const picture of document.images) {
        const name = picture.alt.slice(0, 40) || picture.getAttribute("src").slice(0, 40);
        if (!picture.alt) problems.push(`the picture ${name} has no text alternative`);
        await picture.decode().catch(() => {});
        if (picture.naturalWidth === 0) problems.push(`the picture ${name} cannot be decoded`);
    }
    for (const chart of document.querySelectorAll("svg[role=img]"))
        if (!chart.getAttribute("aria-label")) problems.push("a chart has no text alternative");
    for (const point of document.querySelectorAll("svg .point"))
        if (!/\d/.test(point.querySelector("title")?.textContent ?? "")) problems.push("a point does not tell its value");
    return problems;
}

function findLinks() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return { ids, links: [...document.querySelectorAll("a")].map((a) => [a.getAttribute("href"), a.href]) };
}

// --- The rest. ---

function deadLinks({ ids, links }) {
    const problems = [];
    for (const [written, url] of links) {
        if (!written) problems.push("a link leads nowhere");
        else if (written.startsWith("#")) ids.includes(written.slice(1)) || problems.push(`the link ${written} is dead`);
        else if (!url.startsWith("file:")) problems.push(`the link ${written} needs the network`);
        else if (!fs.existsSync(fileURLToPath(url.split("#")[0]))) problems.push(`the link ${written} is dead`);
    }
    return problems;
}

async function check(browser, page, screenshots) {
    const problems = [];
    await browser.open(page, problems);
    problems.push(...(await browser.evaluate(checkPictures)));
    problems.push(...deadLinks(await browser.evaluate(findLinks)));
    await browser.checkSizes(problems, screenshots);
    const found = await browser.evaluate(() => [document.images.length, document.querySelectorAll("svg[role=img]").length]);
    return { problems: [...new Set(problems)], found };
}

async function main([page, screenshots]) {
    if (!page || !fs.existsSync(page)) throw new Error(`expected a page, got ${page}`);
    const browser = new Browser();
    const timer = setTimeout(() => browser.fail(new Error("no answer for two minutes")), 120000);
    try {
        await browser.openTab();
        const { problems, found } = await check(browser, page, screenshots);
        problems.forEach((problem) => console.log(problem));
        console.log(`${path.basename(page)}: ${found[0]} pictures, ${found[1]} charts, ${problems.length} problems`);
        return problems.length === 0 ? 0 : 1;
    } finally {
        clearTimeout(timer);
        await browser.close();
    }
}

main(process.argv.slice(2)).then(
    (status) => process.exit(status),
    (error) => { console.error(`check_page: ${error.message}`); process.exit(1); });
