// Trains in a worker of its own: the loss, the picture of the scheme as it learns, and how it answers afterwards.

function startTraining(about) {
    const byId = (id) => document.getElementById(id);
    const curve = new Curve(byId("curve"));
    let worker = null;

    const task = () => about.tasks.find(({ name }) => name === byId("task").value);
    const showQuestion = () =>
        (byId("question").textContent = `${word(task().question)} ${word("blind", { chance: rounded(task().chance) })}`);

    const cellOf = (name, text) => {
        const node = document.createElement(name);
        node.textContent = text;
        return node;
    };

    const ended = () => {
        worker?.end();
        worker = null;
        byId("start").disabled = false;
        byId("stop").disabled = true;
    };

    const begin = async () => {
        const specification = byId("training-specification").value, steps = Number(byId("steps").value);
        const mine = (worker = new Engine()), began = performance.now();
        byId("start").disabled = true;
        byId("stop").disabled = false;
        byId("training-error").textContent = "";
        byId("lengths").replaceChildren(cellOf("th", word("length")), cellOf("th", word("guessed")));
        byId("accuracies").replaceChildren(cellOf("th", word("accuracy")), cellOf("td", task().chance.toFixed(2)));
        byId("bar").value = 0;
        byId("count").dataset.step = 0;
        byId("count").textContent = "";
        curve.begin(steps);
        const hear = (news) => {
            if (mine !== worker) return;
            if (news.length) return showAccuracy(news);
            curve.add(news.losses);
            const loss = rounded(news.losses.at(-1)), speed = Math.round(news.step / ((performance.now() - began) / 1000));
            byId("bar").value = news.step / steps;
            byId("count").dataset.step = news.step;
            byId("count").textContent = word("count", { step: news.step, steps, speed, loss });
            byId("curve").setAttribute("aria-label", word("curve", { steps: news.step, loss }));
            if (news.picture) drawHeatmap(byId("training-picture"), news.picture);
        };
        const values = [specification, byId("task").value, Number(byId("training-seed").value), steps];
        const answer = await mine.ask("training", values, hear);
        if (answer.error) byId("training-error").textContent = answer.error;
        if (mine === worker) ended();
    };

    const showAccuracy = ({ length, accuracy }) => {
        byId("lengths").append(cellOf("th", length));
        byId("accuracies").append(cellOf("td", accuracy === null ? word("no positions") : accuracy.toFixed(2)));
    };

    byId("task").append(...about.tasks.map(({ name }) => new Option(name)));
    byId("task").value = "mod5";
    byId("task").addEventListener("change", showQuestion);
    byId("training-picture").setAttribute("aria-label", word("training picture"));
    byId("training-form").addEventListener("submit", (event) => {
        event.preventDefault();
        if (!worker) begin();
    });
    byId("stop").addEventListener("click", () => {
        const step = byId("count").dataset.step;
        ended();
        byId("count").textContent = word("stopped", { step });
    });
    byId("above").addEventListener("click", () => (byId("training-specification").value = byId("specification").value));
    curve.begin(500);
    showQuestion();
    return curve;
}
