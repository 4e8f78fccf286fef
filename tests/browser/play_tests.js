// What must hold of the page that one plays with, a function each; check_play.js runs one of them. The faults that are
// looked for were reported of other pages: memory that moved, exceptions that arrived as bare numbers, a stop that waited
// in the queue, a slider that did.
"use strict";

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const tests = {};
module.exports = tests;

// Where two answers differ by more than `most`, or in a word. Numbers of arrays that are no numbers are null in both.
function difference(a, b, most, at = "") {
    if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= most ? "" : `${at}: ${a}, native ${b}`;
    if (a === null || b === null || typeof a !== "object" || typeof b !== "object")
        return a === b ? "" : `${at}: ${JSON.stringify(a)}, native ${JSON.stringify(b)}`;
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const key of keys) {
        const found = difference(a[key], b[key], most, `${at}/${key}`);
        if (found) return found;
    }
    return "";
}

const composed = ["rnn(init=orthogonal, gain=0.15) + rope + forgetting", "ring(rows=32, std=0.1) + forgetting",
    "linear(state=16, noise=0.5, gain=0.15)", "by_layer(rope, none)", "rope(scaling=yarn)", "table(std=0.1, shift=20)",
    "alibi(form=one_sided, log_n=32)"];

tests["numbers equal the native program's"] = async ({ page, native, wrong }) => {
    const about = await native.ask("about"), both = async (question, values, most) => {
        const found = difference(await page.ask(question, values), await native.ask(question, values), most);
        if (found) wrong(`${question} ${values.join(" ")} ${found}`);
    };
    await both("about", [], 0);
    const schemes = [...about.schemes.map(({ name }) => name), ...composed];
    for (const scheme of schemes) {
        await both("look", [scheme, 48, 1], 1e-5);
        await both("cell", [41, 7], 1e-5);
        await both("indicators", [], 1e-3);    // ratios of sums, of which the probe's is ill-conditioned
        const stories = [await page.ask("explain", [7]), await native.ask("explain", [7])];
        const [words, nativeWords] = stories.map(({ story, error }) => (story ?? error).replace(/-?[\d.]+(e-?\d+)?/g, "#"));
        if (words !== nativeWords) wrong(`the story of ${scheme} has other words: ${words} native: ${nativeWords}`);
    }
    for (const which of about.trained.keys()) await both("trained", [which, 128], 1e-5);
    return `${schemes.length} schemes and ${about.trained.length} trained ones within 1e-5`;
};

tests["a wrong specification shows the sentence and keeps the picture"] = async ({ page, native, wrong }) => {
    const picture = () => page.evaluate(() => document.getElementById("scheme-picture").toDataURL());
    await page.type("specification", "rnn(init=orthogonal)");
    await page.until(() => document.getElementById("scheme-picture").dataset.shows?.startsWith("rnn(init=orthogonal)"));
    const before = await picture();
    for (const specification of ["sinusoidl", "rnn(init=orthogonl)", "rnn(sta=8)", "alibi(", "rope + ", "",
        "by_layer(rope", "linear_dense(state=70000)", "table(rows=12000000)", "größe(🙂)"]) {
        await page.type("specification", specification);
        const { error } = await native.ask("look", [specification, 64, 1]);
        await page.until((sentence) => document.getElementById("scheme-error").textContent === sentence, error)
            .catch(async () => wrong(`'${specification}' says '${await page.text("scheme-error")}', native '${error}'`));
        if ((await picture()) !== before) wrong(`'${specification}' has changed the picture`);
    }
    if (!/did you mean sinusoidal/.test((await native.ask("look", ["sinusoidl", 64, 1])).error)) wrong("no proposal");
    await page.type("specification", "rope");
    await page.until(() => document.getElementById("scheme-error").textContent === "");
    const { error } = await page.ask("nonsense");    // an exception that is none of the library's
    if (!/the engine has stopped/.test(error)) wrong(`an unknown question says '${error}'`);
    if ((await page.ask("look", ["rope", 16, 1])).error) wrong("after that the engine answers no more");
};

tests["memory that grows or ends loses nothing"] = async ({ page, wrong }) => {
    const found = await page.evaluate(async () => {
        const { engine } = globalThis.play, same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
        const ask = (specification, length = 64) => engine.ask("look", [specification, length, 1]);
        const first = await ask("sinusoidal"), kept = first.picture.numbers.slice();
        const large = await ask("table(rows=300000)");    // 77 MB
        const after = await ask("sinusoidal");
        const refused = [];
        for (const length of [70000, 28000, 23100]) refused.push((await ask("none", length)).error ?? "no error");
        const last = await ask("sinusoidal");
        return { large: large.error, refused, size: kept.length,
            same: [first, after, last].every(({ picture }) => same(picture.numbers, kept)) };
    });
    if (found.large) wrong(`77 MB: ${found.large}`);
    if (!found.same || found.size !== 64 * 64) wrong("the numbers of a picture have changed");
    for (const [place, count] of [4900000000, 784000000].entries())
        if (!found.refused[place].endsWith(`(2 GiB) in one array, got ${count}`)) wrong(found.refused[place]);
    if (!/there is no memory for 533610000 numbers/.test(found.refused[2])) wrong(`2 GB: ${found.refused[2]}`);
    return found.refused[2];
};

tests["one thread whatever the browser reports"] = async ({ page, native, wrong }) => {
    const native_answer = await native.ask("look", ["rope", 96, 1]);
    const answers = await page.evaluate(async () => {
        const inWorker = (before) => new Promise((resolve) => {
            const text = document.getElementById("engine-text").textContent +
                `engine = createEngine({ preRun: [(module) => { ${before} }] });`;
            const worker = new Worker(URL.createObjectURL(new Blob([text])));
            worker.onmessage = ({ data }) => (worker.terminate(), resolve(data.answer));
            worker.postMessage({ id: 1, question: "look", values: ["rope", 96, 1] });
        });
        return [await inWorker(""), await inWorker("module.ENV.ORDINAL_THREADS = '8'"),
            await inWorker("module.ENV.ORDINAL_THREADS = '9999'")].map((answer) =>
                answer.error ?? Array.from(answer.picture.numbers));
    });
    const same = (numbers) => difference(numbers, native_answer.picture.numbers, 0);
    for (const found of answers.slice(0, 2)) if (same(found)) wrong(`other digits: ${same(found)}`);
    if (!/expected 0 .all processors. to 256/.test(answers[2])) wrong(`the variable does not reach the engine: ${answers[2]}`);
};

// All losses of a training, and then its picture and how it answers.
const questions = (steps) => [...Array(steps).fill(["step", []]), ["progress", [32]], ["accuracy", [64]]];
const trainedHere = (page, values) => page.evaluate(async (of, asked) => {
    const { engine } = globalThis.play, answers = [await engine.ask("train", of)];
    for (const [question, about] of asked) answers.push(await engine.ask(question, about));
    const plain = (_, value) => (value instanceof Float32Array ? Array.from(value) : value);
    return JSON.parse(JSON.stringify(answers, plain));
}, values, questions(values[3]));
const trainedThere = async (native, values) => {
    const answers = [await native.ask("train", values)];
    for (const [question, about] of questions(values[3])) answers.push(await native.ask(question, about));
    return answers;
};

const runs = [["rnn(init=orthogonal, gain=0.15)", "mod5", 1], ["rope", "off3", 2], ["table(std=0.1)", "marker", 3],
    ["sinusoidal", "after", 1]];

tests["training takes the native program's steps digit for digit"] = async ({ page, native, wrong }) => {
    for (const run of runs) {
        const values = [...run, 100];
        const found = difference(await trainedHere(page, values), await trainedThere(native, values), 0);
        if (found) wrong(`${values.join(" ")}, step ${found}`);
    }
    return `100 steps of ${runs.length} trainings`;
};

// forgetting, kerple and fire take float's log1p, whose digits differ, for it is of another C library; so may those of
// the sines and cosines of tensors, which `linear` takes (codes of angles have functions of our own).
tests["training with log1p differs by less than another seed does"] = async ({ page, native, wrong }) => {
    const largest = (a, b) => Math.max(...a.map((x, i) => Math.abs(x - b[i])));
    const said = [];
    for (const [specification, task] of [["ring(rows=32, std=0.1) + forgetting", "after"],
        ["kerple", "marker"]]) {
        const here = await trainedHere(page, [specification, task, 1, 100]), there = [];
        for (const seed of [1, 2, 3, 4, 5]) there.push(await trainedThere(native, [specification, task, seed, 100]));
        const losses = (answers) => answers.filter(({ loss }) => loss !== undefined).map(({ loss }) => loss);
        const differs = largest(losses(here), losses(there[0]));
        const last = there.map((answers) => losses(answers).at(-1)), spread = Math.max(...last) - Math.min(...last);
        if (losses(here).length !== 100 || !(differs < spread / 1000))
            wrong(`${specification}: losses differ by ${differs}, those of five seeds by ${spread}`);
        const shares = there.map((answers) => answers.at(-1).accuracy), share = here.at(-1).accuracy;
        if (!(share >= Math.min(...shares) && share <= Math.max(...shares)))
            wrong(`${specification}: right ${share}, natively, with five seeds, ${shares.join(", ")}`);
        said.push(`${specification} by ${differs.toPrecision(2)}, five seeds by ${spread.toPrecision(2)}`);
    }
    return said.join("; ");
};

// Clicks and what comes of it.
async function trainFor(page, { specification, task, steps }) {
    await page.type("training-specification", specification);
    await page.evaluate((name) => (document.getElementById("task").value = name), task);
    await page.type("steps", String(steps));
    await page.click("start");
}
const losses = (page) => page.evaluate(() => globalThis.play.curve.losses);
// The blind guess and its answers at four lengths stand there, and the next may begin.
const ended = () =>
    document.getElementById("accuracies").children.length === 6 && !document.getElementById("start").disabled;

tests["stop stops within 200 ms and leaves nothing behind"] = async ({ page, wrong }) => {
    const short = { specification: "rope", task: "off3", steps: 30 };
    await trainFor(page, short);
    await page.until(ended);
    const fresh = await losses(page);
    await trainFor(page, { ...short, steps: 10000 });
    await page.until(() => globalThis.play.curve.losses.length > 3 && globalThis.play.curve.losses.length < 10000);
    await sleep(500);
    await page.click("stop");
    await sleep(200);
    const counted = (await losses(page)).length, said = await page.text("count");
    await sleep(1000);
    if ((await losses(page)).length !== counted) wrong("a step was counted 200 ms after the stop");
    if (said !== `Stopped at step ${counted}.`) wrong(`after ${counted} steps it says '${said}'`);
    await trainFor(page, { ...short, steps: 10000 });
    await page.click("stop");    // before the first step: nothing is left of the last training either
    const begun = (await losses(page)).length, says = await page.text("count");
    if (begun > 100 || says !== `Stopped at step ${begun}.`) wrong(`after ${begun} steps it says '${says}'`);
    await trainFor(page, short);
    await page.until(ended);
    const again = difference(await losses(page), fresh, 0);
    if (fresh.length !== 30 || again) wrong(`after ${fresh.length} steps the next training is another one: ${again}`);
    return `stopped after ${counted} of 10000 steps`;
};

tests["a slider never queues"] = async ({ page, wrong }) => {
    await page.evaluate(() => {
        const { look } = globalThis.play, work = look.work;
        look.work = async (...wish) => {
            await new Promise((resolve) => setTimeout(resolve, 100));
            return work(...wish);
        };
    });
    const started = () => page.evaluate(() => globalThis.play.look.started);
    const value = () => page.evaluate(() => document.getElementById("scheme-length").value);
    const before = await started();
    const shares = Array.from({ length: 60 }, (_, i) => 0.2 + 0.01 * i);
    await page.drag("scheme-length", 0.2, shares, 4);
    const atRest = await started(), last = await value();
    await page.until((length) => document.getElementById("scheme-picture").dataset.shows === `sinusoidal ${length} 1`, last);
    await sleep(500);
    const after = await started();
    if (after - atRest > 2) wrong(`${after - atRest} computations after the last event`);
    if (after - before < 2 || after - before > 40) wrong(`${after - before} computations for 60 events`);
    if ((await value()) !== last) wrong("the thumb went back");
    const size = await page.evaluate(() => document.getElementById("scheme-picture").width);
    if (String(size) !== last) wrong(`the picture has ${size} positions, the slider says ${last}`);
    await page.evaluate(() => document.getElementById("scheme-length").dispatchEvent(new Event("input")));
    await sleep(200);
    if ((await started()) !== after) wrong("an equal value started a computation");
    return `${after - before} computations for 60 events`;
};

Object.assign(tests, require("./play_looks.js"));
