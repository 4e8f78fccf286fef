// The page's side of the engine: questions to a worker, answers as promises.

// The worker's text stands in the page, since a page from a disk may load no second script.
const engineUrl = URL.createObjectURL(
    new Blob([document.getElementById("engine-text").textContent], { type: "text/javascript" }));

class Engine {
    constructor() {
        this.worker = new Worker(engineUrl);
        this.waiting = new Map();
        this.count = 0;
        this.worker.onmessage = ({ data: { id, news, answer } }) => {
            const { resolve, hear } = this.waiting.get(id);
            if (news) return hear(news);
            this.waiting.delete(id);
            resolve(answer);
        };
        this.worker.onerror = (event) => say("broken", { why: event.message });
    }

    // hear: is told what happens on the way.
    ask(question, values = [], hear = () => {}) {
        const id = ++this.count;
        this.worker.postMessage({ id, question, values });
        return new Promise((resolve) => this.waiting.set(id, { resolve, hear }));
    }

    // At once, whatever it does.
    end() {
        this.worker.terminate();
        this.waiting.clear();
    }
}

// Of many wishes the last one is fulfilled: one is at work, one may wait, and equal ones start nothing.
class Latest {
    constructor(work) {
        this.work = work;
        this.busy = false;
        this.started = 0;
    }

    want(...wish) {
        const text = JSON.stringify(wish);
        if (text === this.wanted) return;
        this.wanted = text;
        this.next = wish;
        if (!this.busy) this.run();
    }

    async run() {
        this.busy = true;
        while (this.next) {
            const wish = this.next;
            this.next = null;
            ++this.started;
            await this.work(...wish, () => this.next === null);    // is it still the latest?
        }
        this.busy = false;
    }
}
