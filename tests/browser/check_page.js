// Opens a page in headless Chromium, as its readers will: wide and on a phone, light and dark. Prints each problem on a
// line of its own and ends with status 1 if there is one.
//
//     node check_page.js PAGE.html [FOLDER FOR SCREENSHOTS]
//
// Chromium is driven through its debugging pipe: JSON messages that end with a zero byte, on the descriptors 3 and 4.
"use strict";
const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { fileURLToPath, pathToFileURL } = require("url");

class Browser {
    constructor() {
        const program = process.env.CHROMIUM || "chromium";
        this.profile = fs.mkdtempSync(path.join(os.tmpdir(), "ordinal-browser-"));
        const options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--remote-debugging-pipe", `--user-data-dir=${this.profile}`];
        this.process = spawn(program, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
        this.process.on("error", (error) => this.fail(error));
        this.process.on("exit", () => this.fail(new Error(`${program} has ended`)));
        this.waiting = new Map();
        this.listeners = [];
        this.count = 0;
        let text = "";
        this.process.stdio[4].on("data", (bytes) => {
            text += bytes;
            const messages = text.split("\0");
            text = messages.pop();
            messages.forEach((message) => this.receive(JSON.parse(message)));
        });
    }

    fail(error) {
        for (const { reject } of this.waiting.values()) reject(error);
        this.waiting.clear();
    }

    receive(message) {
        if (message.id === undefined) return this.listeners.forEach((listener) => listener(message));
        const { resolve, reject } = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        if (message.error) reject(new Error(message.error.message));
        else resolve(message.result);
    }

    send(method, params = {}) {
        const id = ++this.count;
        this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId: this.session }) + "\0");
        return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    }

    when(method) {
        return new Promise((resolve) => this.listeners.push((m) => m.method === method && resolve(m.params)));
    }

    async openTab() {
        const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
        this.session = (await this.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
        for (const domain of ["Page", "Runtime", "Log", "Network"]) await this.send(`${domain}.enable`);
    }

    // What a function returns in the page.
    async evaluate(inPage, ...values) {
        const expression = `(${inPage})(...${JSON.stringify(values)})`;
        const answer = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
        if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception.description);
        return answer.result.value;
    }

    async close() {
        this.process.removeAllListeners("exit");
        const ended = new Promise((resolve) => this.process.on("exit", resolve));
        await this.send("Browser.close").catch(() => {});
        await ended;
        fs.rmSync(this.profile, { recursive: true, force: true });
    }
}

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

// Whatever sticks out of the window or of its panel, unless its container scrolls. What is folded is unfolded first.
function checkWidth() {
    const folded = [...document.querySelectorAll("details:not([open])")];    // folded, they keep the sizes of before
    for (const details of folded) details.open = true;
    const problems = [], width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth > width) problems.push(`the page is ${document.scrollingElement.scrollWidth} wide`);
    const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const inScroller = (element) => element && (scrolls(element) || inScroller(element.parentElement));
    for (const element of document.body.querySelectorAll("*")) {
        if (inScroller(element.parentElement) || element.closest("thead, [hidden]")) continue;
        const box = element.getBoundingClientRect(), panel = element.closest("svg") && element.closest(".panel");
        const limit = panel ? panel.getBoundingClientRect() : { left: 0, right: width };
        if (box.width > 0 && (box.right > limit.right + 1 || box.left < limit.left - 1)) {
            const text = element.textContent.trim().slice(0, 40);
            problems.push(`<${element.tagName.toLowerCase()}> "${text}" sticks out by ` +
                `${Math.round(Math.max(box.right - limit.right, limit.left - box.left))} px`);
        }
    }
    for (const details of folded) details.open = false;
    return problems;
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
    const url = pathToFileURL(path.resolve(page)).href, problems = [];
    browser.listeners.push(({ method, params }) => {
        const says = {
            "Runtime.exceptionThrown": () => params.exceptionDetails.exception?.description,
            "Runtime.consoleAPICalled": () => params.type === "error" && params.args.map((a) => a.value).join(" "),
            "Log.entryAdded": () => params.entry.level === "error" && params.entry.text,
        }[method]?.();
        if (says) problems.push(`the console says: ${says.split("\n")[0]}`);
        if (method !== "Network.requestWillBeSent") return;
        const asked = params.request.url;
        if (asked !== url && !asked.startsWith("data:")) problems.push(`the page asks for ${asked}`);
    });
    const loaded = browser.when("Page.loadEventFired");
    await browser.send("Page.navigate", { url });
    await loaded;
    problems.push(...(await browser.evaluate(checkPictures)));
    problems.push(...deadLinks(await browser.evaluate(findLinks)));
    for (const [name, width, scheme] of [["wide", 1200, "light"], ["dark", 1200, "dark"], ["phone", 390, "light"],
        ["phone-dark", 390, "dark"], ["narrow", 320, "light"]]) {
        await browser.send("Emulation.setDeviceMetricsOverride",
            { width, height: 844, deviceScaleFactor: 1, mobile: width < 500 });
        await browser.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
        for (const problem of await browser.evaluate(checkWidth)) problems.push(`${width} px: ${problem}`);
        if (!screenshots) continue;
        const shot = await browser.send("Page.captureScreenshot", { captureBeyondViewport: true });
        fs.writeFileSync(path.join(screenshots, `${name}.png`), shot.data, "base64");
    }
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
