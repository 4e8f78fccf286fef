// The loss of each step, as a line that grows.

const svgNode = (name, attributes, text = "") => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.textContent = text;
    return node;
};

class Curve {
    static left = 34; static right = 392; static top = 8; static bottom = 214;

    constructor(svg) {
        this.svg = svg;
    }

    begin(steps) {
        this.steps = steps;
        this.losses = [];
        this.most = 3;    // a little above ln 16, the loss of one who knows nothing
        this.draw();
    }

    add(losses) {
        this.losses.push(...losses);
        this.most = Math.max(this.most, ...losses);
        this.draw();
    }

    draw() {
        const { left, right, top, bottom } = Curve;
        const x = (step) => left + ((right - left) * step) / Math.max(this.steps - 1, 1);
        const y = (loss) => bottom - ((bottom - top) * loss) / this.most;
        const parts = [];
        for (let tick = 0; tick <= this.most; tick += Math.ceil(this.most / 4)) {
            parts.push(svgNode("line", { class: "grid", x1: left, x2: right, y1: y(tick), y2: y(tick) }));
            parts.push(svgNode("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, tick));
        }
        for (const share of [0, 0.5, 1]) {
            const step = Math.round(share * this.steps), anchor = ["start", "middle", "end"][share * 2];
            parts.push(svgNode("text", { x: left + (right - left) * share, y: 232, "text-anchor": anchor }, step));
        }
        const points = this.losses.map((loss, step) => `${x(step).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
        parts.push(svgNode("polyline", { class: "loss", points }));
        this.svg.replaceChildren(...parts);
    }
}
