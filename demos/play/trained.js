// One lever first: the length, over encodings that have been trained.

const longest = 128;

async function startTrained(engine, about) {
    const slider = document.getElementById("trained-length"), shown = document.getElementById("trained-length-shown");
    const panels = await Promise.all(about.trained.map(async ({ name, specification, trained }, which) => {
        const { picture, beyond } = await engine.ask("trained", [which, longest]);
        const figure = document.createElement("figure");
        figure.innerHTML = `<figcaption class="small"><b></b></figcaption>
            <div class="square"><canvas role="img"></canvas></div><p class="small faint"></p>`;
        figure.querySelector("b").textContent = word(`panel ${name}`);
        figure.title = specification;
        document.getElementById("trained-panels").append(figure);
        return { figure, picture, beyond, trained, title: word(`panel ${name}`) };
    }));

    // No number is computed here: of a longer picture a shorter one is the corner.
    const draw = () => {
        const length = Number(slider.value);
        shown.value = length;
        for (const { figure, picture, beyond, trained, title } of panels) {
            const canvas = figure.querySelector("canvas"), square = figure.querySelector(".square");
            drawHeatmap(canvas, picture, length);
            canvas.setAttribute("aria-label", word("panel picture", { length, title }));
            square.style.setProperty("--trained", `${(100 * trained) / length}%`);
            square.classList.toggle("beyond", length > trained);
            const ended = length > picture.shape[0];
            figure.querySelector("p").textContent = ended ? word("ends", { sentence: beyond }) : "";
        }
    };
    slider.addEventListener("input", draw);
    draw();
}
