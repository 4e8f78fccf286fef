"""What ./go bench measures, and how much work that is. The sides know how to prepare it: workloads.cpp
for Ordinal, torch_workloads.py for PyTorch."""
from collections import namedtuple
from itertools import accumulate
from math import ceil

# amount, unit: what a repetition does at least: 10^9 operations in matrix products (GFLOP), 10^9 bytes in float read
# and written (GB), or tokens; 0 = none to speak of. inner: calls to a sample. turns, seconds: short ones take turns
# more often than once a round, and for less time than others.
Workload = namedtuple("Workload", "name what amount unit inner turns seconds", defaults=(0, "GFLOP", 1, 1, 1))

CODES = 512 * 768 * 4 / 1e9  # [512, 768] numbers, in gigabytes
BATCH_OF_CODES = 16 * CODES
RECURSION = 2 * 511 * 768 * 768 / 1e9  # 511 products of a matrix and a vector


def attention(n):
    """Two products of [n, 64] and [64, n] for each of 4 heads."""
    return 2 * 2 * 4 * n * n * 64 / 1e9


def encoder(texts, length, layers, width, hidden):
    """For each token four projections, the feed-forward layer and attention over its text."""
    return 2 * texts * length * layers * (4 * width * width + 2 * width * hidden + 2 * length * width) / 1e9


def recurrences(steps):
    """Forward: x_t W_ih and h W_hh for 16 sequences of 256 numbers; backward twice that."""
    gflop = 3 * 2 * 2 * 16 * 256 * 256 * steps / 1e9
    return [Workload(f"W3.{steps}.rnn", f"RNN, {steps} steps, trained", gflop),
            Workload(f"W3.{steps}.cell", "the same, step by step", gflop)]


def product(what, transposed, m, n, k, batch=1):
    """[m, k][k, n] -> [m, n], so many; transposed: NN none, NT B, TN A."""
    gflop = 2 * m * n * k * batch / 1e9
    name = f"gemm.{transposed}.{m}.{n}.{k}.{batch}"
    return Workload(name, what, gflop, inner=ceil(0.1 / gflop), turns=5, seconds=0.02)


BERT_MINI = encoder(16, 128, 4, 256, 1024) + 2 * 16 * 128 * 256 * 2600 / 1e9

WORKLOADS = [
    Workload("W1", "BERT-mini, training step", 3 * BERT_MINI),
    Workload("W2", "BERT-mini, forward", BERT_MINI),
    *(workload for steps in (128, 512, 2048) for workload in recurrences(steps)),
    Workload("W4.ops16", "16 numbers, 4 operations", inner=500),
    Workload("W4.mlp", "small MLP, 100 points", inner=500),
    Workload("W4.mlp1", "small MLP, 1 point", inner=500),
    *(Workload(f"W5.{n}", f"attention, {n} tokens", attention(n)) for n in (512, 1024, 2048, 4096)),
    *(Workload(f"W5.{n}.causal", f"... causal, {n}", attention(n) / 2) for n in (1024, 4096)),
    *(Workload(f"W5.{n}.causal_trained", f"... causal, trained, {n}", 3 * attention(n) / 2) for n in (1024, 4096)),
    Workload("W6.sin", "sinusoids"),
    Workload("W6.rnn", "recursion", RECURSION),
    Workload("W6.rnn_train", "recursion, trained", 3 * RECURSION),
    Workload("W6.lookup_bcast", "... look-up added to x", 2 * BATCH_OF_CODES + CODES, "GB"),
    Workload("generate", "112 tokens written", 112, "tokens"),
]

# all-MiniLM-L6-v2, whose sizes these are. Where all but rows of positions is frozen, backward does as much as forward.
BERT = [
    Workload("bert.batch", "real BERT, 32 texts of 128", encoder(32, 128, 6, 384, 1536)),
    Workload("bert.one", "real BERT, 1 text of 16", encoder(1, 16, 6, 384, 1536)),
    Workload("bert.rows", "real BERT, new rows learn", 2 * encoder(16, 48, 6, 384, 1536)),
]

# In a process of its own, for the peak of its memory; and where nobody is told how many threads to take.
MEMORY = [w for w in WORKLOADS if w.name in ("W1", "W5.512", "W5.2048", "W5.4096")]
DEFAULT = [w for w in WORKLOADS if w.name == "W1" or w.name.startswith("W4.")]

PRODUCTS = [
    *(product("square", "NN", n, n, n) for n in (128, 256, 512, 1024, 2048)),
    # W1's layers on 16 x 128 = 2048 rows: forward, d input (dX), d weight (dW)
    product("projection", "NT", 2048, 256, 256),
    product("projection, dX", "NN", 2048, 256, 256),
    product("projection, dW", "TN", 256, 256, 2048),
    product("q, k, v at once", "NT", 2048, 768, 256),
    product("feed-forward 1", "NT", 2048, 1024, 256),
    product("feed-forward 1, dX", "NN", 2048, 256, 1024),
    product("feed-forward 1, dW", "TN", 1024, 256, 2048),
    product("feed-forward 2", "NT", 2048, 256, 1024),
    product("feed-forward 2, dX", "NN", 2048, 1024, 256),
    product("feed-forward 2, dW", "TN", 256, 1024, 2048),
    product("decoder", "NT", 2048, 2600, 256),
    product("decoder, dX", "NN", 2048, 256, 2600),
    product("decoder, dW", "TN", 2600, 256, 2048),
    # its attention: 16 sequences, 4 heads
    product("Q K^T", "NT", 128, 128, 64, 64),
    product("P V", "NN", 128, 64, 128, 64),
    product("dV", "TN", 128, 64, 128, 64),
    # a step of W3
    product("RNN step", "NT", 16, 256, 256),
    product("RNN step, dX", "NN", 16, 256, 256),
]

NAMES = ["program", *(w.name for w in PRODUCTS + WORKLOADS + BERT), *("memory." + w.name for w in MEMORY),
         *("default." + w.name for w in DEFAULT)]
BEGINNINGS = list(dict.fromkeys(part for name in NAMES for part in accumulate(name.split("."), "{}.{}".format)))


def is_beginning(beginning, name):
    """ "W3" selects "W3", "W3.128.rnn", ..."""
    return name == beginning or name.startswith(beginning + ".")
