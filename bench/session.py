"""One run of the benchmark with one number of threads: prints a table for each kind while it goes."""
from statistics import median

import plan
import sides
from sides import Turns

OURS = "Ordinal"


def digits(x):
    """Three digits that count: "0.407", "15.7", "345"."""
    return f"{x:.{0 if x >= 99.95 else 1 if x >= 9.995 else 2 if x >= 0.9995 else 3}f}"


def range_text(x):
    return f"{digits(x['median'])} ({digits(x['min'])}-{digits(x['max'])})"


def time_text(ms):
    """ "15.7 ms (15.1-17.0)", below one millisecond "407 us (...)"."""
    factor, unit = (1000, "us") if ms["median"] < 1 else (1, "ms")
    return f"{digits(ms['median'] * factor)} {unit} ({digits(ms['min'] * factor)}-{digits(ms['max'] * factor)})"


def row(*cells):
    print("".join(f"{text:<{width}}" for text, width in zip(cells, (26, 28, 26, 25, 0))).rstrip(), flush=True)


class Run:
    """threads: of each side; None leaves it to them."""

    def __init__(self, options, threads=None):
        self.options, self.threads, self.single = options, threads, None
        self.ours = sides.ordinal(options, threads)
        self.torch = sides.pytorch(options, threads) if self.ours.about["float"] else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for side in filter(None, (self.ours, self.torch, self.single)):
            side.__exit__()

    def peak(self, seconds):
        """GFLOP/s that the processor can do at most."""
        return 1e3 * self.ours.about["peak_gflop"] / median(self.ours.measure("peak", seconds))

    def selected(self, workloads, prefix=""):
        return [workload for workload in workloads if self.options.selects(prefix + workload.name)]

    def all(self):
        """All figures, as they go into the file of --json."""
        return self.measure(self.selected(plan.PRODUCTS + plan.WORKLOADS + plan.BERT),
                            self.selected(plan.MEMORY, "memory."))

    def defaults(self):
        """The same where no side is told how many threads to take: is a user worse off than one who knows?"""
        self.single = sides.ordinal(self.options, 1)
        return self.measure(self.selected(plan.DEFAULT, "default."), [])

    def measure(self, workloads, memories):
        threads, peak = self.ours.about["threads"], self.peak(0.1)
        self.copying = 1e3 * self.ours.about["copied_gigabytes"] / median(self.ours.measure("copy", 0.1))
        peer = self.torch and f"{self.torch.about['description']}, threads: {self.torch.about['threads']}"
        print(f"\n=== {'As it is by default: ' * (self.threads is None)}{threads} thread{'s' * (threads > 1)}. The "
              f"machine's limits: {digits(peak)} GFLOP/s, {digits(self.copying)} GB/s read and written")
        print("Peer:", peer or ("none, for this build is in double" if not self.ours.about["float"] else
                                "none, for --without-torch was given" if self.options.without_torch else
                                "missing, for no PyTorch 2 was found (--python PROGRAM names the Python that has it)"))
        return {"threads": threads, "peak_gflops": peak, "copy_gigabytes_a_second": self.copying, "peer": peer,
                "workloads": self.measure_workloads(workloads), "memory": self.measure_memories(memories),
                "peak_gflops_at_the_end": self.peak(0.1)}  # has the machine changed its speed meanwhile?

    def sides_of(self, workload):
        """{who: (side, what it is asked)}, ours first."""
        asked = {OURS: (self.ours, workload.name)}
        if self.single:
            asked["Ordinal, 1 thread"] = (self.single, workload.name)
        if self.torch:
            for way in self.torch.about["configurations"][workload.name]:
                asked[f"PyTorch, {way}"] = (self.torch, f"{workload.name} {way}")
        return asked

    def measure_workloads(self, workloads):
        if workloads:
            print("\nTime of a repetition, median (min-max). Speed, and its share of what the processor could do in the "
                  "same round (or the memory,\nwhere more than 100 % is caches). Ratio: Ordinal / the other, lower "
                  "is better; * is the fastest way of PyTorch")
            row("", "", "time", "speed", "ratio")
        return [self.measure_workload(workload) for workload in workloads]

    def measure_workload(self, workload):
        asked, peaks = self.sides_of(workload), []

        def ask(who):
            side, name = asked[who]
            if who == OURS:
                peaks.append(self.peak(max(0.002, 0.02 * workload.seconds)))
            return side.measure(name, workload.seconds * self.options.seconds, workload.inner)

        turns = Turns(workload.turns * self.options.rounds, {who: lambda who=who: ask(who) for who in asked})
        figures = {who: {"ms": turns.times(who)} for who in asked}
        for who, of in figures.items():
            of.update(self.speed(workload, of["ms"]["median"], median(peaks)))
            if who != OURS:
                of["ratio"] = turns.ratio(OURS, who)
        ways = [who for who in asked if who.startswith("PyTorch")]
        fastest = max(ways, key=lambda who: figures[who]["ratio"]["median"], default=None)
        for who, of in figures.items():
            cells = (workload.name, workload.what) if who == OURS else ("", who)
            cells += (time_text(of["ms"]), of["speed"])
            if who != OURS:
                cells += (range_text(of["ratio"]) + " *" * (who == fastest and len(ways) > 1),)
            row(*cells)
        return {"name": workload.name, "what": workload.what, "sides": figures, "fastest_peer": fastest}

    def speed(self, workload, ms, peak):
        if not workload.amount:
            return {"speed": ""}
        in_float = 2 if workload.unit == "GB" and not self.ours.about["float"] else 1
        rate, limit = in_float * 1e3 * workload.amount / ms, {"GFLOP": peak, "GB": self.copying}.get(workload.unit)
        text = f"{digits(rate)} {workload.unit}/s"
        if limit is None:
            return {"speed": text}
        return {"speed": f"{text}, {digits(100 * rate / limit)} %", "share_of_limit": rate / limit}

    def measure_memories(self, workloads):
        if workloads:
            print("\nPeak memory in MB: of the process, and its growth over five repetitions")
        figures = []
        for workload in workloads:
            of = {}
            for who, (_, name) in self.sides_of(workload).items():
                start = sides.ordinal if who == OURS else sides.pytorch
                with start(self.options, self.threads) as side:  # a process that does nothing else
                    of[who] = side.memory(name)
                row(workload.name if who == OURS else "", who,
                    f"{digits(of[who]['peak_mb'])}, +{digits(of[who]['growth_mb'])}")
            figures.append({"name": "memory." + workload.name, "sides": of})
        return figures
