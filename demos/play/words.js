// What the page says, in the language of its address: ?lang=zh is Chinese. The English of what stands in the page stands
// there; here is what comes and goes. {gaps} are filled.

const english = {
    "panel table": "BERT's table: trained to 32, then noise",
    "panel repeated": "its rows, repeated: out of step",
    "panel rnn": "an RNN: its stripes go on",
    "panel verse": "a table of 48 rows: the period of the verse",
    "panel control": "control: windows that start anywhere",
    "panel ring": "a ring of 12 rows, a couplet: it goes on",
    "panel picture": "How alike the codes of two positions are, {length} positions: {title}",
    "ends": "It ends here. The library says: {sentence}",
    "cell": "position i = {i}, position j = {j}: {value}",
    "hidden": "hidden",
    "cell alone": "{what} {value}",
    "cosine": "cosine",
    "score": "score, relative to the diagonal",
    "scheme picture": "How much position j means to position i, {length} positions of {specification}; arrow keys move the cell",
    "training picture": "How much position j means to position i, for the scheme as it learns",
    "curve": "The loss of {steps} steps, now {loss}",
    "code of": "the code of {k}",
    "position": "position {k}",
    "blind": "A blind guess is right in {chance} of the cases.",
    "count": "step {step} of {steps}, {speed} a second, loss {loss}",
    "stopped": "Stopped at step {step}.",
    "length": "length",
    "accuracy": "right",
    "guessed": "blind guess",
    "no positions": "no such positions",
    "depth": "steps one after another, for n positions",
    "positions": "how many positions",
    "ids": "numbers it takes as positions",
    "reads tokens": "depends on the tokens",
    "cacheable": "computed once, serves every text",
    "changes with length": "a longer text changes its codes",
    "causal only": "only where no token sees the future",
    "only distance counts": "only the distance counts",
    "told apart": "tells the first 32 positions apart",
    "fades": "far tokens get less",
    "learns": "numbers it learns",
    "TI": "only the distance counts", "MONO 8": "falls over 8 steps", "MONO": "falls everywhere", "SYM": "both sides alike",
    "rank": "directions used", "distinct": "positions told apart", "probe": "reading the position: error",
    "shift": "one linear step: error",
    "broken": "The engine of this page did not start: {why}. A browser of 2021 or later has what it needs.",
};

const inChinese = new URLSearchParams(location.search).get("lang") === "zh";

const filled = (text, gaps) => text.replace(/\{(\w+)\}/g, (gap, name) => gaps[name] ?? gap);

// What has no entry, such as a trait or the question of a task in the library's English, stays as it is.
const word = (key, gaps = {}) => filled((inChinese ? chinese[key] : undefined) ?? english[key] ?? key, gaps);

function translatePage() {
    if (!inChinese) return;
    document.documentElement.lang = "zh";
    for (const element of document.querySelectorAll("[data-word]"))
        element.textContent = chinese[element.dataset.word] ?? element.textContent;
}

// Shows a sentence where the reader looks for it.
function say(key, gaps) {
    const broken = document.getElementById("broken");
    broken.textContent = word(key, gaps);
    broken.hidden = false;
}
