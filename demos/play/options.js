// The options of a scheme as things that one can move, and what one may go on to type.

// "rnn(init=orthogonal, gain=0.15) + rope" -> [{name: "rnn", options: [["init", "orthogonal"], ["gain", "0.15"]]}, ...]
// Only to be moved: whether it means something, the library says.
const partsOf = (specification) =>
    specification.split("+").map((part) => {
        const [, name, inside = ""] = part.match(/^\s*([^()]*?)\s*(?:\(([^()]*)\))?\s*$/) ?? [null, "", ""];
        const options = inside.split(",").filter((option) => option.includes("="));
        return { name, options: options.map((option) => option.split("=").map((text) => text.trim())) };
    });

const specificationOf = (parts) =>
    parts.map(({ name, options }) =>
        name + (options.length ? `(${options.map((option) => option.join("=")).join(", ")})` : "")).join(" + ");

// Everything that the text could become with one more word.
function completions(specification, { schemes, options }) {
    const begun = specification.match(/[\w.]*$/)[0], before = specification.slice(0, specification.length - begun.length);
    const open = before.lastIndexOf("(") > before.lastIndexOf(")");
    if (!open) return schemes.map(({ name }) => before + name);
    const name = before.slice(0, before.lastIndexOf("(")).match(/\w*\s*$/)[0].trim();
    const known = [...(schemes.find((scheme) => scheme.name === name)?.options ?? []), ...options];
    const asked = before.match(/(\w+)\s*=\s*$/);
    if (!asked) return known.map((option) => `${before}${option.name}=`);
    return (known.find((option) => option.name === asked[1])?.choices ?? []).map((choice) => before + choice);
}

// From an eighth of what is usual to eight times as much, in whole steps for whole numbers; where nothing is usual, far
// enough. What of it a scheme does not take, the library says.
function range(usual, whole) {
    if (whole && usual <= 1) return { min: 1, max: 256, step: 1 };
    if (whole) return { min: Math.ceil(usual / 8), max: 8 * usual, step: Math.max(1, Math.floor(usual / 16)) };
    const max = usual === 0 ? 1 : usual < 1 ? Math.min(8 * usual, 1) : 8 * usual;
    const step = Number((max / 200).toPrecision(1));
    return { min: Number((step * Math.ceil(usual / 8 / step)).toPrecision(6)), max, step };    // so that values are round
}

function control({ name, otherwise, choices, whole }, value, change) {
    const label = document.createElement("label"), text = document.createElement("span");
    const moved = document.createElement(choices.length ? "select" : "input");
    const show = (now) => (text.textContent = choices.length ? name : `${name} = ${now}`);
    if (choices.length) moved.append(...choices.map((choice) => new Option(choice)));
    else {
        const { min, max, step } = range(Number(otherwise), whole), number = Number(value);
        Object.assign(moved, { type: "range", min: Math.min(min, number), max: Math.max(max, number), step });
    }
    moved.value = value;
    show(value);
    moved.addEventListener("input", () => (show(moved.value), change(moved.value)));
    label.append(text, moved);
    return label;
}

// The controls of all parts. They stay as they are while one of them is moved.
function showControls(place, specification, { schemes }, changed) {
    const parts = partsOf(specification), names = parts.map(({ name }) => name).join("+");
    if (place.contains(document.activeElement) && place.dataset.names === names) return;
    place.dataset.names = names;
    const controls = [];
    for (const part of parts)
        for (const option of schemes.find((scheme) => scheme.name === part.name)?.options ?? []) {
            const given = part.options.find(([name]) => name === option.name);
            controls.push(control(option, given?.[1] ?? option.otherwise, (value) => {
                const mine = part.options.find(([name]) => name === option.name);
                if (mine) mine[1] = value;
                else part.options.push([option.name, value]);
                changed(specificationOf(parts));
            }));
        }
    place.replaceChildren(...controls);
}
