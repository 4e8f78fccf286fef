"""What ./go bench measures, and how much work that is. The sides know how to prepare it: workloads.cpp and products.cpp
for Ordinal, torch_workloads.py for PyTorch."""
from collections import namedtuple

# inner: calls to a sample; gflop: 10^9 operations in matrix products, 0 = none to speak of; gigabytes: what a repetition
# reads and writes at least, in float, 0 = memory is not what it waits for; has_twin: PyTorch 1.13 has the same.
Workload = namedtuple("Workload", "name what inner gflop gigabytes has_twin", defaults=(1, 0, 0, True))
Product = namedtuple("Product", "name transposed m n k batch")  # transposed: NN none, NT B, TN A
MemoryWorkload = namedtuple("MemoryWorkload", "name result_mb")  # the part of the growth that is the output itself

CODES = 512 * 768 * 4 / 1e9  # [512, 768] numbers, in gigabytes
BATCH_OF_CODES = 16 * CODES
RECURSION = 2 * 511 * 768 * 768 / 1e9  # 511 products of a matrix and a vector


def attention(n):
    """Two products of [n, 64] and [64, n] for each of 4 heads."""
    return 2 * 2 * 4 * n * n * 64 / 1e9


def recurrence(steps):
    """Forward: x_t W_ih and h W_hh for 16 sequences of 256 numbers; backward twice that."""
    return 3 * 2 * 2 * 16 * 256 * 256 * steps / 1e9


def recurrences(steps):
    yield Workload(f"W3.{steps}.rnn", f"RNN, {steps} steps, trained", gflop=recurrence(steps))
    yield Workload(f"W3.{steps}.cell", "the same, step by step", gflop=recurrence(steps))


WORKLOADS = [
    Workload("W1", "BERT-mini, training step", gflop=50.06),
    Workload("W2", "BERT-mini, forward", gflop=16.685),
    *(workload for steps in (128, 512, 2048) for workload in recurrences(steps)),
    Workload("W4.ops16", "16 numbers, 4 operations", inner=500),
    Workload("W4.mlp", "small MLP, 100 points", inner=500),
    Workload("W4.mlp1", "small MLP, 1 point", inner=500),
    *(Workload(f"W5.{n}", f"attention, {n} tokens", gflop=attention(n)) for n in (512, 1024, 2048, 4096)),
    *(Workload(f"W5.{n}.causal", f"... causal, {n} tokens", gflop=attention(n) / 2) for n in (1024, 4096)),
    Workload("W6.lookup", "look positions up", gigabytes=BATCH_OF_CODES + CODES),
    Workload("W6.sin", "sinusoids"),
    Workload("W6.rnn", "recursion", gflop=RECURSION),
    Workload("W6.rnn_train", "recursion, trained", gflop=3 * RECURSION),
    Workload("W6.lookup_bcast", "... look-up added to x", gigabytes=2 * BATCH_OF_CODES + CODES),
    Workload("W6.sin_bcast", "... sinusoids added", gigabytes=2 * BATCH_OF_CODES),
    Workload("W6.rnn_bcast", "... recursion added", gflop=RECURSION),
    *(Workload(f"own.attention.{n}", f"attention trained, {n}", gflop=3 * attention(n), has_twin=False)
      for n in (512, 2048)),
    Workload("own.sin_orbit", "sinusoids, step by step", has_twin=False),
]

MEMORY = [MemoryWorkload("W1", 0), *(MemoryWorkload(f"W5.{n}", 4 * n * 64 * 4 / 1e6) for n in (512, 2048, 4096))]

PRODUCTS = [
    *(Product(f"gemm.square.{n}", "NN", n, n, n, 1) for n in (128, 256, 512, 1024, 2048)),
    # W1's layers on 16 x 128 = 2048 rows: forward, d input (dX), d weight (dW)
    Product("gemm.projection.NN", "NN", 2048, 256, 256, 1),
    Product("gemm.projection.NT", "NT", 2048, 256, 256, 1),
    Product("gemm.projection.dW", "TN", 256, 256, 2048, 1),
    Product("gemm.q_k_v_at_once", "NT", 2048, 768, 256, 1),
    Product("gemm.feed_forward1.NN", "NN", 2048, 1024, 256, 1),
    Product("gemm.feed_forward1", "NT", 2048, 1024, 256, 1),
    Product("gemm.feed_forward1.dX", "NN", 2048, 256, 1024, 1),
    Product("gemm.feed_forward1.dW", "TN", 1024, 256, 2048, 1),
    Product("gemm.feed_forward2", "NT", 2048, 256, 1024, 1),
    Product("gemm.feed_forward2.dX", "NN", 2048, 1024, 256, 1),
    Product("gemm.feed_forward2.dW", "TN", 256, 1024, 2048, 1),
    Product("gemm.decoder", "NT", 2048, 2600, 256, 1),
    Product("gemm.decoder.dX", "NN", 2048, 256, 2600, 1),
    Product("gemm.decoder.dW", "TN", 2600, 256, 2048, 1),
    # its attention: 16 sequences, 4 heads
    Product("gemm.attention.QK", "NT", 128, 128, 64, 64),
    Product("gemm.attention.PV", "NN", 128, 64, 128, 64),
    Product("gemm.attention.dV", "TN", 128, 64, 128, 64),
    # a step of W3
    Product("gemm.rnn_step", "NT", 16, 256, 256, 1),
    Product("gemm.rnn_step.dX", "NN", 16, 256, 256, 1),
    # 512 tokens, 4 heads
    Product("gemm.attention512.PV", "NN", 512, 64, 512, 4),
    Product("gemm.attention512.QK", "NT", 512, 512, 64, 4),
]

NAMES = ["program", *(p.name for p in PRODUCTS), *(w.name for w in WORKLOADS), *(f"memory.{m.name}" for m in MEMORY)]


def is_beginning(beginning, name):
    """ "W3" selects "W3", "W3.128.rnn", ..."""
    return name == beginning or name.startswith(beginning + ".")
