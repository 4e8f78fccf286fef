// What runs beside the page: the engine, and one question after the other. A training takes its steps here; who wants it
// to stop ends the whole worker.

let engine = createEngine();

// Memory may have grown and moved since the last question, so numbers are copied at once, from where it is now.
function copied(from, { at, shape }) {
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, numbers: from.HEAPF32.slice(at / 4, at / 4 + size) };
}

async function ask(question, values) {
    try {
        const ready = await engine;
        const text = ready.ccall(`ordinal_${question}`, "string", values.map((value) => typeof value), values);
        return JSON.parse(text, (name, value) => (value?.shape ? copied(ready, value) : value));
    } catch (error) {    // not one of the library's own, which are answers: the engine itself has stopped
        engine = createEngine();
        return { error: `play: the engine has stopped (${error.message ?? error}); it begins anew` };
    }
}

// Tells of it ten times a second; {step, losses, picture}. At the end {accuracies: [[length, share], ...]}.
async function train(values, tell) {
    const begun = await ask("train", values);
    if (begun.error) return begun;
    let losses = [], told = 0;
    for (let now = { done: false }; !now.done;) {
        now = await ask("step", []);
        if (now.error) return now;
        losses.push(now.loss);
        if (!now.done && performance.now() < told + 100) continue;
        tell({ step: now.step, losses, ...(await ask("progress", [64])) });
        losses = [];
        told = performance.now();
    }
    for (const length of [32, 64, 128, 256]) tell({ length, ...(await ask("accuracy", [length])) });
    return { done: true };
}

onmessage = async ({ data: { id, question, values } }) => {
    const tell = (news) => postMessage({ id, news });
    postMessage({ id, answer: await (question === "training" ? train(values, tell) : ask(question, values)) });
};
