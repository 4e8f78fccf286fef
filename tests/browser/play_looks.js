// More of what must hold of the page, beside play_tests.js: what one sees, reaches with the keyboard and waits for.
"use strict";

const tests = {};
module.exports = tests;

tests["the table ends where the ring and the RNN go on"] = async ({ page, native, wrong }) => {
    const about = await native.ask("about");
    await page.drag("trained-length", 0.33, [0.4, 0.6, 0.8, 1], 20);
    if ((await page.text("trained-length-shown")) !== "128") wrong(`length ${await page.text("trained-length-shown")}`);
    const panels = await page.evaluate(() => [...document.querySelectorAll("#trained-panels figure")].map((figure) => {
        const canvas = figure.querySelector("canvas");
        const corner = canvas.getContext("2d").getImageData(127, 127, 1, 1).data;
        return { size: canvas.width, there: corner[3] === 255, says: figure.querySelector("p").textContent };
    }));
    for (const [which, { name }] of about.trained.entries()) {
        const { picture, beyond } = await native.ask("trained", [which, 128]);
        const { size, there, says } = panels[which], goes_on = ["repeated", "rnn", "ring"].includes(name);
        if (size !== 128 || there !== goes_on) wrong(`${name}: ${size} positions, the last ${there ? "" : "not "}there`);
        if (goes_on !== (picture.shape[0] === 128)) wrong(`${name} has ${picture.shape[0]} positions`);
        if (!says.endsWith(beyond) || (beyond === "") !== goes_on) wrong(`${name} says '${says}', native '${beyond}'`);
    }
    return `${panels.length} panels`;
};

tests["a cell shows both codes their cosine and the story"] = async ({ page, native, wrong }) => {
    await page.type("specification", "rnn(init=rotation)");
    await page.until(() => document.getElementById("scheme-picture").dataset.shows?.startsWith("rnn(init=rotation)"));
    await native.ask("look", ["rnn(init=rotation)", 64, 1]);
    await page.click("scheme-picture", 10.5 / 64, 20.5 / 64);
    await page.until(() => document.getElementById("cell").textContent.includes("i = 20, position j = 10"));
    await page.click("scheme-picture", 10.5 / 64, 20.5 / 64);
    await page.key("ArrowRight");
    await page.key("ArrowDown");
    const { value, codes } = await native.ask("cell", [21, 11]);
    await page.until((end) => document.getElementById("cell").textContent.endsWith(end),
        `i = 21, position j = 11: cosine ${value.toFixed(4)}`);
    const shown = await page.evaluate(() => [...document.querySelectorAll("#strips pre")].map((pre) => pre.textContent));
    for (const [which, { numbers }] of codes.entries()) {
        const found = shown[which].split(/\s+/).map(Number);
        if (found.length !== 64 || found.some((number, i) => Math.abs(number - numbers[i]) > 1e-5))
            wrong(`code ${which} shown: ${shown[which]}`);
    }
    await page.evaluate(() => document.querySelector("#story-box summary").click());
    await page.until(() => document.getElementById("story").textContent.startsWith("Position 21"));
    const { story } = await native.ask("explain", [21]);
    if ((await page.text("story")).length !== story.length) wrong(`the story: ${await page.text("story")}`);
};

tests["options can be moved and names completed"] = async ({ page, wrong }) => {
    await page.type("specification", "ri");
    const proposals = () => page.evaluate(() => [...document.querySelectorAll("#completions option")].map(({ value }) => value));
    if (!(await proposals()).includes("ring")) wrong("ring is not proposed");
    await page.type("specification", "rnn(init=");
    if (!(await proposals()).includes("rnn(init=orthogonal")) wrong("the choices of an option are not proposed");
    await page.type("specification", "rope + rnn(");
    if (!(await proposals()).includes("rope + rnn(gain=")) wrong("an option that every scheme has is not proposed");
    await page.type("specification", "alibi + sinusoidal(base=100)");
    await page.until(() => document.getElementById("scheme-picture").dataset.shows?.startsWith("alibi + sinusoidal(base=100)"));
    const before = await page.evaluate(() => document.getElementById("scheme-picture").toDataURL());
    await page.evaluate(() => {
        const label = [...document.querySelectorAll("#options label")].find((each) => each.textContent.startsWith("base"));
        label.querySelector("input").id = "moved";
    });
    await page.drag("moved", 0.2, [0.3, 0.5], 20);
    const text = await page.evaluate(() => document.getElementById("specification").value);
    if (!/^alibi \+ sinusoidal\(base=\d+\)$/.test(text) || text.includes("base=100)")) wrong(`it became ${text}`);
    await page.until((now) => document.getElementById("scheme-picture").dataset.shows?.startsWith(now), text);
    if ((await page.evaluate(() => document.getElementById("scheme-picture").toDataURL())) === before)
        wrong("the picture did not change");
};

tests["it fits and is reached with the keyboard"] = async ({ page, screenshots, wrong }) => {
    const reached = new Set();
    for (let i = 0; i < 60; ++i) {
        await page.key("Tab");
        reached.add(await page.evaluate(() => document.activeElement.id));
    }
    for (const id of ["trained-length", "specification", "scheme-length", "scheme-seed", "scheme-picture",
        "training-specification", "task", "steps", "training-seed", "start"])
        if (!reached.has(id)) wrong(`the keyboard does not reach ${id}`);
    await page.evaluate(() => document.getElementById("trained-length").focus());
    await page.key("ArrowRight");
    if ((await page.text("trained-length-shown")) !== "49") wrong("an arrow key does not move the length");
    await page.type("steps", "20");
    await page.key("Enter");
    await page.until(() => document.getElementById("accuracies").children.length === 6);
    const heads = await page.evaluate(() => [...document.getElementById("lengths").children].map((th) => th.textContent));
    if (heads.join() !== "length,blind guess,32,64,128,256") wrong(`the table of answers has ${heads.join()}`);
    await page.click("scheme-picture", 0.3, 0.6);
    await page.evaluate(() => document.querySelectorAll("details").forEach((box) => (box.open = true)));
    await page.until(() => document.getElementById("story").textContent !== "");
    await page.browser.checkSizes(page.problems, screenshots, "play-");
};

tests["all of it is in Chinese as well"] = async ({ page, screenshots, wrong }) => {
    await page.open("?lang=zh");
    const left = await page.evaluate(() => [...document.querySelectorAll("[data-word]")]
        .filter((element) => !/[\u4e00-\u9fff]/.test(element.textContent)).map((element) => element.dataset.word));
    if (left.length > 0) wrong(`not in Chinese: ${left.join(", ")}`);
    if ((await page.evaluate(() => document.documentElement.lang)) !== "zh") wrong("the page does not say its language");
    await page.click("start");
    await page.until(() => document.getElementById("count").textContent.includes("第"));
    await page.click("stop");
    await page.until(() => document.getElementById("count").textContent.startsWith("停在"));
    await page.browser.checkSizes(page.problems, screenshots, "play-zh-");
    const shows = async (specification, source) => {
        await page.type("specification", specification);
        await page.until((text) => document.getElementById("traits").textContent.includes(text), source);
        const english = await page.evaluate(() => [...document.querySelectorAll("#traits td")].slice(0, -1)
            .map((value) => value.textContent).filter((text) => /[a-z]{2}/i.test(text)));
        if (english.length > 0) wrong(`values of ${specification} that are not in Chinese: ${english.join(", ")}`);
    };
    await shows("table", "Devlin");
    await shows("rope(log_n=32)", "2104.09864");
    await shows("rnn(init=orthogonal) + rope + forgetting", "2503.02130");    // a long source beside short heads
    await page.browser.send("Emulation.setDeviceMetricsOverride",
        { width: 390, height: 844, deviceScaleFactor: 1, mobile: true });
    const broken = await page.evaluate(() => [...document.querySelectorAll("#traits th")].filter((head) => {
        const text = document.createRange();
        text.selectNodeContents(head);
        return text.getClientRects().length > 2;    // one a line
    }).map((head) => head.textContent));
    if (broken.length > 0) wrong(`on a phone these heads take more than two lines: ${broken.join(", ")}`);
};

// Printed, for other machines are slower or faster; only what nobody would wait for is a fault.
tests["how fast it is"] = async ({ page, wrong }) => {
    const drags = await page.evaluate(async () => {
        const slider = document.getElementById("trained-length"), began = performance.now();
        for (let i = 0; i < 100; ++i) {
            slider.value = 128 - (i % 2);
            slider.dispatchEvent(new Event("input"));
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        return 100000 / (performance.now() - began);
    });
    const looks = {};
    for (const specification of ["sinusoidal", "rnn", "rope", "rnn(init=orthogonal) + rope + forgetting"])
        looks[specification] = await page.evaluate(async (scheme) => {
            const began = performance.now();
            for (let i = 0; i < 10; ++i) await globalThis.play.engine.ask("look", [scheme, 128, 1]);
            return 10000 / (performance.now() - began);
        }, specification);
    const seconds = await page.evaluate(async () => {
        const began = performance.now();
        await globalThis.play.engine.ask("train", ["rope", "off3", 1, 500]);
        for (let step = 0; step < 500; ++step) await globalThis.play.engine.ask("step");
        return (performance.now() - began) / 1000;
    });
    if (drags < 30) wrong(`${drags.toFixed(0)} drags a second`);
    if (seconds > 90) wrong(`off3, 500 steps: ${seconds.toFixed(0)} s`);
    return `at length 128 ${drags.toFixed(0)} drags a second, new pictures a second: ` +
        Object.entries(looks).map(([scheme, count]) => `${scheme} ${count.toFixed(0)}`).join(", ") +
        `; off3 with rope, 500 steps: ${seconds.toFixed(0)} s`;
};
