// Any scheme: its picture, its traits, what the picture measures, and how a position comes about.

const exampleSchemes = ["sinusoidal", "table", "rnn", "rnn(init=orthogonal)", "linear(state=8)", "rope", "alibi",
    "t5", "rnn(init=orthogonal) + rope + forgetting", "sinusoidl"];

const rounded = (number) => (number === null ? "–" : Number(number.toPrecision(4)).toString());

function rowOf(head, text) {
    const row = document.createElement("tr"), first = document.createElement("th"), second = document.createElement("td");
    first.scope = "row";
    first.textContent = word(head);
    second.textContent = word(text.replace(/\d+/, "{n}"), { n: text.match(/\d+/)?.[0] });    // "128 positions"
    row.append(first, second);
    return row;
}

function startScheme(engine, about) {
    const byId = (id) => document.getElementById(id);
    const text = byId("specification"), length = byId("scheme-length"), seed = byId("scheme-seed");
    const canvas = byId("scheme-picture"), square = byId("scheme-square");
    let picture = null, hasCodes = false, at = [20, 10];

    const showError = (error = "") => {
        byId("scheme-error").textContent = error;
        text.setAttribute("aria-invalid", error !== "");
    };

    const look = new Latest(async (specification, size, chosenSeed, isLatest) => {
        const seen = await engine.ask("look", [specification, size, chosenSeed]);
        if (seen.error) return showError(seen.error);    // the last picture stays
        showError();
        picture = seen.picture;
        hasCodes = seen.has_codes;
        drawHeatmap(canvas, picture);
        canvas.dataset.shows = `${specification} ${size} ${chosenSeed}`;
        canvas.setAttribute("aria-label", word("scheme picture", { length: size, specification }));
        byId("traits").replaceChildren(...seen.traits.map(([trait, value]) => rowOf(trait, value)));
        at = at.map((place) => Math.min(place, size - 1));
        cell.want(...at, canvas.dataset.shows);
        if (!isLatest()) return;
        const found = await engine.ask("indicators");
        if (found.error) return showError(found.error);
        byId("indicators").replaceChildren(...Object.entries(found).map(([name, value]) => rowOf(name, rounded(value))));
    });

    const cell = new Latest(async (i, j, of, isLatest) => {
        const found = await engine.ask("cell", [i, j]);
        if (found.error || !isLatest()) return;
        const share = 100 / picture.shape[0];
        square.style.cssText = `--i: ${i * share}%; --j: ${j * share}%; --cell: ${share}%`;
        square.classList.add("chosen");
        const value = found.value === null ? word("hidden")
            : word("cell alone", { what: word(hasCodes ? "cosine" : "score"), value: found.value.toFixed(4) });
        byId("cell").textContent = word("cell", { i, j, value });
        showCodes(found.codes ?? [], [i, j]);
        if (byId("story-box").open) story.want(i, of);
    });

    const showCodes = (codes, places) => {
        byId("cell-codes").hidden = codes.length === 0;
        const largest = Math.max(...codes.flatMap(({ numbers }) => [...numbers].map(Math.abs)), 1e-30);
        byId("strips").replaceChildren(...codes.map(({ numbers }, which) => {
            const box = document.createElement("details");
            box.innerHTML = `<summary><span></span><canvas role="img"></canvas></summary><pre tabindex="0"></pre>`;
            box.querySelector("span").textContent = word("position", { k: places[which] });
            box.querySelector("canvas").setAttribute("aria-label", word("code of", { k: places[which] }));
            drawStrip(box.querySelector("canvas"), numbers, largest);
            box.querySelector("pre").textContent = [...numbers].map((number) => number.toPrecision(6)).join("  ");
            return box;
        }));
    };

    const story = new Latest(async (k, of, isLatest) => {
        const told = await engine.ask("explain", [k]);
        if (isLatest()) byId("story").textContent = told.story ?? told.error;
    });

    const go = () => {
        byId("scheme-length-shown").value = length.value;
        byId("completions").replaceChildren(...completions(text.value, about).map((whole) => new Option("", whole)));
        look.want(text.value, Number(length.value), Number(seed.value));
    };
    const retyped = () => {
        showControls(byId("options"), text.value, about, (changed) => {
            text.value = changed;
            go();
        });
        go();
    };
    const choose = (i, j) => {
        if (!picture) return;
        at = [i, j].map((place) => Math.min(Math.max(place, 0), picture.shape[0] - 1));
        cell.want(...at, canvas.dataset.shows);
    };

    text.addEventListener("input", retyped);
    for (const moved of [length, seed]) moved.addEventListener("input", go);
    byId("scheme-form").addEventListener("submit", (event) => event.preventDefault());
    byId("story-box").addEventListener("toggle", () => story.want(at[0], canvas.dataset.shows));
    canvas.addEventListener("click", (event) => {
        const box = canvas.getBoundingClientRect();
        const place = (along, size) => Math.floor((along / size) * picture.shape[0]);
        choose(place(event.clientY - box.top, box.height), place(event.clientX - box.left, box.width));
    });
    canvas.addEventListener("keydown", (event) => {
        const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        if (!step) return;
        event.preventDefault();
        choose(at[0] + step[0], at[1] + step[1]);
    });
    byId("examples").append(...exampleSchemes.map((name) => {
        const button = document.createElement("button");
        button.textContent = name;
        button.addEventListener("click", () => {
            text.value = name;
            retyped();
        });
        return button;
    }));
    retyped();
    return look;
}
