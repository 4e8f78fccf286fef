// The page that one plays with, in headless Chromium, with real clicks, keys and drags; its numbers beside those of the
// native program (native_engine.cpp). Prints what is wrong and ends with status 1; its last line says what was measured.
//
//     node check_play.js TEST PAGE.html NATIVE_ENGINE [FOLDER FOR SCREENSHOTS]
"use strict";
const { spawn } = require("child_process");
const readline = require("readline");
const { Browser } = require("./browser.js");

// The native engine, which answers what the page's engine does.
class Native {
    constructor(program) {
        this.process = spawn(program, { stdio: ["pipe", "pipe", "inherit"],
            env: { ...process.env, ORDINAL_ISA: "portable", ORDINAL_THREADS: "1" } });
        this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    }

    async ask(question, values = []) {
        this.process.stdin.write(JSON.stringify([question, ...values]) + "\n");
        return JSON.parse((await this.lines.next()).value);
    }
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// What a reader does, and what they see.
class Page {
    constructor(browser, file) {
        Object.assign(this, { browser, file, problems: [] });
    }

    async open(query = "") {
        await this.browser.open(this.file, this.problems, query);
        await this.until(() => globalThis.play !== undefined);
        // The first picture and its numbers are there, so that nothing moves below the mouse any more.
        await this.until(() => document.getElementById("indicators").children.length > 0);
    }

    evaluate(inPage, ...values) {
        return this.browser.evaluate(inPage, ...values);
    }

    async until(inPage, ...values) {
        for (let waited = 0; waited < 60000; waited += 20) {
            if (await this.evaluate(inPage, ...values)) return;
            await sleep(20);
        }
        throw new Error(`nothing came of: ${inPage}`);
    }

    // Of the page's own engine, as the native one answers.
    ask(question, values = []) {
        return this.evaluate(async (asked, of) => {
            const plain = (_, value) => (value instanceof Float32Array ? Array.from(value) : value);
            return JSON.parse(JSON.stringify(await globalThis.play.engine.ask(asked, of), plain));
        }, question, values);
    }

    text(id) {
        return this.evaluate((which) => document.getElementById(which).textContent, id);
    }

    // The middle of it, or another place; x and y are shares.
    async place(id, x = 0.5, y = 0.5) {
        return this.evaluate((which, right, down) => {
            const element = document.getElementById(which);
            element.scrollIntoView({ block: "center", behavior: "instant" });
            const box = element.getBoundingClientRect();
            return { x: box.left + right * box.width, y: box.top + down * box.height };
        }, id, x, y);
    }

    mouse(type, { x, y }) {
        return this.browser.send("Input.dispatchMouseEvent",
            { type, x, y, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1 });
    }

    async click(id, x, y) {
        const at = await this.place(id, x, y);
        await this.mouse("mousePressed", at);
        await this.mouse("mouseReleased", at);
    }

    async key(key, modifiers = 0) {
        const codes = { Tab: 9, Enter: 13, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, a: 65 };
        const event = { key, code: key, windowsVirtualKeyCode: codes[key], modifiers };
        const commands = modifiers === 2 && key === "a" ? ["selectAll"] : [];
        await this.browser.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...event, commands });
        if (key === "Enter") await this.browser.send("Input.dispatchKeyEvent", { type: "char", text: "\r", ...event });
        await this.browser.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    }

    async type(id, text) {
        await this.click(id);
        await this.key("a", 2);
        await this.browser.send("Input.insertText", { text });
        const typed = await this.evaluate((which) => document.getElementById(which).value, id);
        if (typed !== text) throw new Error(`typed '${text}' into ${id}, and it holds '${typed}'`);
    }

    // Drags a slider's thumb to each of these shares of its way, without waiting for what it brings.
    async drag(id, from, shares, pause = 0) {
        await this.mouse("mousePressed", await this.place(id, from));
        for (const share of shares) {
            await this.mouse("mouseMoved", await this.place(id, share));
            if (pause) await sleep(pause);
        }
        await this.mouse("mouseReleased", await this.place(id, shares.at(-1)));
    }
}

const tests = require("./play_tests.js");

async function main([name, file, program, screenshots]) {
    if (!tests[name]) throw new Error(`there is no test '${name}'; there are: ${Object.keys(tests).join(", ")}`);
    const browser = new Browser(), native = new Native(program), page = new Page(browser, file);
    const timer = setTimeout(() => browser.fail(new Error("no answer for five minutes")), 300000);
    try {
        await browser.openTab();
        await browser.send("Emulation.setDeviceMetricsOverride",
            { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false });
        await page.open();
        const said = await tests[name]({ page, native, screenshots, wrong: (text) => page.problems.push(text) });
        const broken = await page.text("broken");
        if (broken) page.problems.push(broken);
        page.problems.forEach((problem) => console.log(problem));
        console.log(`${name}: ${said ?? "done"}, ${page.problems.length} problems`);
        return page.problems.length === 0 ? 0 : 1;
    } finally {
        clearTimeout(timer);
        native.process.kill();
        await browser.close();
    }
}

main(process.argv.slice(2)).then(
    (status) => process.exit(status),
    (error) => { console.error(`check_play: ${error.stack}`); process.exit(1); });
