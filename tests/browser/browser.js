// Headless Chromium, driven through its debugging pipe: JSON messages that end with a zero byte, on the descriptors 3 and
// 4. And what every page is looked at for: what the console says, what it asks for, what sticks out.
"use strict";
const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { pathToFileURL } = require("url");

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

    // Opens a page from the disk; what is wrong with it is added to problems from then on.
    async open(page, problems, query = "") {
        const url = pathToFileURL(path.resolve(page)).href + query;
        this.listeners = [];    // of the page before
        this.listeners.push(({ method, params }) => {
            const says = {
                "Runtime.exceptionThrown": () => params.exceptionDetails.exception?.description,
                "Runtime.consoleAPICalled": () => params.type === "error" && params.args.map((a) => a.value).join(" "),
                "Log.entryAdded": () => params.entry.level === "error" && params.entry.text,
            }[method]?.();
            if (says) problems.push(`the console says: ${says.split("\n")[0]}`);
            if (method !== "Network.requestWillBeSent") return;
            const asked = params.request.url;
            if (asked !== url && !/^(data|blob):/.test(asked)) problems.push(`the page asks for ${asked}`);
        });
        const loaded = this.when("Page.loadEventFired");
        await this.send("Page.navigate", { url });
        await loaded;
    }

    // Wide and on a phone, light and dark: whatever sticks out is a problem. With a folder, screenshots go there.
    async checkSizes(problems, screenshots, called = "") {
        for (const [name, width, scheme] of [["wide", 1200, "light"], ["dark", 1200, "dark"], ["phone", 390, "light"],
            ["phone-dark", 390, "dark"], ["narrow", 320, "light"]]) {
            await this.send("Emulation.setDeviceMetricsOverride",
                { width, height: 844, deviceScaleFactor: 1, mobile: width < 500 });
            await this.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
            for (const problem of await this.evaluate(checkWidth)) problems.push(`${width} px: ${problem}`);
            if (!screenshots) continue;
            const shot = await this.send("Page.captureScreenshot", { captureBeyondViewport: true });
            fs.writeFileSync(path.join(screenshots, `${called}${name}.png`), shot.data, "base64");
        }
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

module.exports = { Browser };
