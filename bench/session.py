"""One run of the benchmark with one number of threads: prints a table for each kind while it goes."""
from math import ceil, exp, log
from statistics import median

import plan
import sides
from sides import Comparison


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
    """(text, width), ..."""
    print("".join(f"{text:<{width}}" for text, width in cells).rstrip(), flush=True)


class Run:
    def __init__(self, options, threads):
        self.options, self.threads = options, threads
        self.ours = sides.ordinal(options.build, threads)
        self.torch = None

    def peak(self, seconds):
        """GFLOP/s that the processor can do at most."""
        return 1e3 * self.ours.about["peak_gflop"] / median(self.ours.measure("peak", seconds))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for side in filter(None, (self.ours, self.torch)):
            side.__exit__()

    def all(self):
        """All figures, as they go into the file of --json."""
        selects, threads, ours = self.options.selects, self.threads, self.ours
        gigabytes = ours.about["read_gigabytes"]
        self.gflops = self.peak(0.1)
        read = 1e3 * gigabytes / median(ours.measure("read", 0.1))
        self.copying = 1e3 * 2 * gigabytes / median(ours.measure("copy", 0.1))  # what is read and what is written
        print(f"\n=== {threads} thread{'s' * (threads > 1)}. The machine's limits: {digits(self.gflops)} GFLOP/s, "
              f"memory {digits(read)} GB/s reading, {digits(self.copying)} GB/s copying")
        figures = {"threads": threads, "peak_gflops": self.gflops, "read_gigabytes_a_second": read,
                   "copy_gigabytes_a_second": self.copying}

        products = [product for product in plan.PRODUCTS if selects(product.name)]
        workloads = [workload for workload in plan.WORKLOADS if selects(workload.name)]
        memories = [workload for workload in plan.MEMORY if selects("memory." + workload.name)]
        if products:
            figures["gemm"] = self.measure_products(products)
        if workloads or memories:
            self.find_torch(figures)
        if workloads:
            figures["workloads"] = self.measure_workloads(workloads)
        if memories:
            figures["memory"] = self.measure_memories(memories)
        figures["peak_gflops_at_the_end"] = self.peak(0.1)  # has the machine changed its speed meanwhile?
        return figures

    def find_torch(self, figures):
        version = None
        if not self.options.without_torch and self.ours.about["float"]:
            torch = sides.pytorch(self.threads)
            version = torch.about.get("torch")
            if version:
                self.torch, figures["torch"] = torch, version
            else:
                torch.__exit__()
        print("\nPeer:", f"PyTorch {version}" if version else "none (PyTorch is not installed, or not wanted)")

    def measure_products(self, products):
        peer = self.ours.about["openblas"]
        print("\nMatrix products [m, k][k, n] in GFLOP/s, median (min-max). Ratio: Ordinal / peer, higher is better\n"
              f"Peer: {peer or 'no OpenBLAS found'}")
        row(("", 26), ("m, n, k", 20), ("Ordinal", 20), ("of peak", 10), ("OpenBLAS", 20), ("ratio", 22),
            ("of the best", 0))
        shapes = [self.measure_product(product, peer) for product in products]
        # OpenBLAS has no batches on threads.
        ratios = [s["ratio"]["median"] for s in shapes if "ratio" in s and (s["batch"] == 1 or self.threads == 1)]
        figures = {"peer": peer, "shapes": shapes}
        if ratios:
            figures["geometric_mean_ratio"] = exp(sum(map(log, ratios)) / len(ratios))
            print(f"Geometric mean of {len(ratios)} ratios{' (without batches)' * (self.threads > 1)}: "
                  f"{digits(figures['geometric_mean_ratio'])}")
        return figures

    def measure_product(self, product, peer):
        name, transposed, m, n, k, batch = product
        gflop = 2 * m * n * k * batch / 1e9
        inner = ceil(0.1 / gflop)  # some 100 microseconds to a sample
        turns = 5  # in a round: a product is short, so the sides take turns more often than in a long workload
        peaks = []

        def by(who):
            if who == "gemm":
                peaks.append(self.peak(0.002))
            return self.ours.measure(f"{who} {transposed} {m} {n} {k} {batch}", self.options.seconds / 10 / turns, inner)

        times = Comparison(turns * self.options.rounds, lambda: by("gemm"), (lambda: by("openblas")) if peer else None)

        def speed(rounds):  # the shortest time is the highest speed
            ms = Comparison.times(rounds)
            return {key: 1e3 * gflop / ms[of] for key, of in (("median", "median"), ("min", "max"), ("max", "min"))}

        ours = speed(times.ours)
        figures = {"name": name, "m": m, "n": n, "k": k, "batch": batch, "ours_gflops": ours,
                   "share_of_peak": ours["median"] / median(peaks)}
        cells = [(name, 26), (f"{m}, {n}, {k}" + f" x{batch}" * (batch > 1), 20), (range_text(ours), 20),
                 (digits(100 * figures["share_of_peak"]) + " %", 10)]
        if peer:
            r = times.ratio()
            figures["openblas_gflops"] = speed(times.theirs)
            figures["ratio"] = {"median": 1 / r["median"], "min": 1 / r["max"], "max": 1 / r["min"]}  # of speeds
            figures["ratio_of_best"] = 1 / times.ratio_of_best()
            cells += [(range_text(figures["openblas_gflops"]), 20), (range_text(figures["ratio"]), 22),
                      (digits(figures["ratio_of_best"]), 0)]
        row(*cells)
        return figures

    def measure_workloads(self, workloads):
        print("\nTime of a repetition, median (min-max). Ratio: Ordinal / PyTorch, lower is better; best: of the minima."
              "\nBehind it the speed, and its share of the machine's (of the memory's, where more than 100 % is caches).")
        row(("", 45), ("Ordinal", 24), ("PyTorch", 24), ("ratio", 22), ("best", 0))
        return [self.measure_workload(workload) for workload in workloads]

    def measure_workload(self, workload):
        def by(side):
            return lambda: side.measure(workload.name, self.options.seconds, workload.inner)

        compared = self.torch is not None and workload.has_twin
        times = Comparison(self.options.rounds, by(self.ours), by(self.torch) if compared else None)
        ours = Comparison.times(times.ours)
        figures = {"name": workload.name, "what": workload.what, "ours_ms": ours}
        cells = [(workload.name, 20), (workload.what, 25), (time_text(ours), 24)]
        if compared:
            figures.update(torch_ms=Comparison.times(times.theirs), ratio=times.ratio(),
                           ratio_of_best=times.ratio_of_best())
            cells += [(time_text(figures["torch_ms"]), 24), (range_text(figures["ratio"]), 22),
                      (digits(figures["ratio_of_best"]), 10)]
        else:
            cells.append(("", 56))
        row(*cells, (self.against_limits(workload, ours["median"], figures), 0))
        return figures

    def against_limits(self, workload, ms, figures):
        if workload.gflop > 0:
            rate, limit, unit, keys = 1e3 * workload.gflop / ms, self.gflops, "GFLOP/s", ("gflops", "share_of_peak")
        elif workload.gigabytes > 0:
            in_float = 1 if self.ours.about["float"] else 2
            rate, limit, unit, keys = (1e3 * in_float * workload.gigabytes / ms, self.copying, "GB/s",
                                       ("gigabytes_a_second", "share_of_bandwidth"))
        else:
            return ""
        figures.update(zip(keys, (rate, rate / limit)))
        return f"{digits(rate)} {unit}, {digits(100 * rate / limit)} %"

    def measure_memories(self, workloads):
        print("\nPeak memory in MB: of the process, and its growth over five repetitions")
        row(("", 18), ("Ordinal", 22), ("PyTorch", 22), ("of which the output itself", 0))
        rows = []
        for workload in workloads:
            figures = {"name": "memory." + workload.name, "result_mb": workload.result_mb}
            starts = {"ours": lambda: sides.ordinal(self.options.build, self.threads)}
            if self.torch is not None:
                starts["torch"] = lambda: sides.pytorch(self.threads)
            cells = [(figures["name"], 18)]
            for key, start in starts.items():
                with start() as side:  # a process that does nothing else
                    figures[key] = side.memory(workload.name)
                cells.append((f"{digits(figures[key]['peak_mb'])}, +{digits(figures[key]['growth_mb'])}", 22))
            row(*cells, (digits(workload.result_mb) if workload.result_mb > 0 else "", 0))
            rows.append(figures)
        return rows
