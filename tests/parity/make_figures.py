#!/usr/bin/python3
"""Writes the parity figures: numbers computed by PyTorch, which the C++ tests must reproduce.

    apt install python3-torch && /usr/bin/python3 tests/parity/make_figures.py

Every figure is computed in float64 from fixed seeds. The files are committed and never regenerated from our own
code: they are the witness from outside. One file a group; in it, one block an array:

    array matmul.A 2 3        name and shape, then the numbers in row-major order
    0.25 -1.5 ...
    ids embedding.ids 2 4     the same for whole numbers

X.grad is d loss / d X, where the loss is sum(out * out.grad) for a random out.grad (so that a wrong gradient cannot
hide behind equal weights). Parameters have PyTorch's names.
"""

import datetime
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Group:
    """Collects the blocks of one file and writes it."""

    def __init__(self, name):
        self.name = name
        self.blocks = {}
        torch.manual_seed(sum(name.encode()))  # each file is independent of the others

    def add(self, name, value):
        value = torch.as_tensor(value).detach().clone()
        assert name not in self.blocks, name
        assert torch.isfinite(value).all(), name
        self.blocks[name] = value

    def write(self):
        lines = [f"# written by tests/parity/make_figures.py with torch {torch.__version__} in float64 "
                 f"on {datetime.date.today()}; do not edit"]
        for name, value in self.blocks.items():
            kind = "array" if value.is_floating_point() else "ids"
            lines.append(" ".join([kind, name, *map(str, value.shape)]))
            lines.append(" ".join(map(repr, value.flatten().tolist())))
        path = pathlib.Path(__file__).parent / (self.name + ".txt")
        path.write_text("\n".join(lines) + "\n")
        print(path.name, sum(v.numel() for v in self.blocks.values()), "numbers")

    def case(self, case, inputs, function, **constants):
        """Runs function(*inputs) and stores inputs, output, a random upstream gradient and all gradients."""
        for name, value in inputs.items():
            if value.is_floating_point():
                value.requires_grad_()
        self.trace(case, inputs, function(*inputs.values()))
        for name, value in constants.items():
            self.add(f"{case}.{name}", float(value))

    def trace(self, case, inputs, out):
        """Stores named inputs and parameters, out, out.grad, and what out.grad gives each of them."""
        upstream = torch.randn_like(out)
        out.backward(upstream)
        for name, value in inputs.items():
            self.add(f"{case}.{name}", value)
        self.add(f"{case}.out", out)
        self.add(f"{case}.out.grad", upstream)
        for name, value in inputs.items():
            if value.requires_grad:
                self.add(f"{case}.{name}.grad", value.grad)


def randn(*shape):
    return torch.randn(*shape)


def positive(*shape):
    return torch.rand(*shape) + 0.3


def elementwise_binary():
    g = Group("elementwise_binary")
    shapes = lambda: {"A": randn(2, 1, 3), "B": randn(4, 1)}  # broadcast to [2, 4, 3]
    g.case("add", shapes(), torch.add)
    g.case("sub", shapes(), torch.sub)
    g.case("mul", shapes(), torch.mul)
    g.case("div", {"A": randn(2, 1, 3), "B": positive(4, 1)}, torch.div)
    g.case("maximum", shapes(), torch.maximum)
    g.case("where", {"condition": torch.randint(0, 2, (2, 4, 3)), **shapes()}, lambda c, a, b: torch.where(c > 0, a, b))
    g.case("masked_fill", {"A": randn(2, 4, 3), "mask": torch.randint(0, 2, (4, 3))},
           lambda a, m: a.masked_fill(m > 0, -2.5), value=-2.5)
    g.write()


def elementwise_unary():
    g = Group("elementwise_unary")
    g.case("neg", {"x": randn(2, 3)}, torch.neg)
    for name, exponent in [("pow_cube", 3.0), ("pow_half", 0.5), ("pow_inverse", -1.5)]:
        g.case(name, {"x": positive(2, 3)}, lambda x: x**exponent, exponent=exponent)
    g.case("pow_negative_base", {"x": randn(2, 3)}, lambda x: x**3, exponent=3.0)
    g.case("exp", {"x": randn(2, 3)}, torch.exp)
    g.case("log", {"x": positive(2, 3)}, torch.log)
    g.case("sqrt", {"x": positive(2, 3)}, torch.sqrt)
    g.case("tanh", {"x": randn(2, 3)}, torch.tanh)
    g.case("sigmoid", {"x": randn(2, 3)}, torch.sigmoid)
    g.case("relu", {"x": randn(2, 3)}, torch.relu)
    g.case("gelu", {"x": 2 * randn(2, 3)}, F.gelu)  # with erf, not the tanh approximation
    g.case("sin", {"x": 3 * randn(2, 3)}, torch.sin)
    g.case("cos", {"x": 3 * randn(2, 3)}, torch.cos)
    g.write()


def reductions():
    g = Group("reductions")
    for axis in range(3):
        g.case(f"sum_axis{axis}", {"x": randn(2, 3, 4)}, lambda x: x.sum(axis))
        g.case(f"mean_axis{axis}", {"x": randn(2, 3, 4)}, lambda x: x.mean(axis))
        g.case(f"max_axis{axis}", {"x": randn(2, 3, 4)}, lambda x: x.max(axis).values)
    g.case("sum_all", {"x": randn(2, 3)}, torch.sum)
    g.case("mean_all", {"x": randn(2, 3)}, torch.mean)
    g.case("sum_keepdim", {"x": randn(2, 3)}, lambda x: x.sum(1, keepdim=True))
    g.write()


def softmax():
    g = Group("softmax")
    for axis in range(3):
        g.case(f"softmax_axis{axis}", {"x": 2 * randn(2, 3, 4)}, lambda x: F.softmax(x, axis))
        g.case(f"log_softmax_axis{axis}", {"x": 2 * randn(2, 3, 4)}, lambda x: F.log_softmax(x, axis))
    g.case("softmax_large", {"x": 300 * randn(2, 3)}, lambda x: F.softmax(x, -1))  # overflows if done naively
    g.case("log_softmax_large", {"x": 300 * randn(2, 3)}, lambda x: F.log_softmax(x, -1))
    g.write()


def layer_norm():
    g = Group("layer_norm")
    for name, eps in [("eps_bert", 1e-12), ("eps_torch", 1e-5)]:
        inputs = {"x": randn(2, 3, 4), "weight": randn(4), "bias": randn(4)}
        g.case(name, inputs, lambda x, weight, bias: F.layer_norm(x, (4,), weight, bias, eps), eps=eps)
    # A variance as small as eps shows whether eps stands inside the root.
    inputs = {"x": 0.003 * randn(2, 4), "weight": randn(4), "bias": randn(4)}
    g.case("small_variance", inputs, lambda x, weight, bias: F.layer_norm(x, (4,), weight, bias, 1e-5), eps=1e-5)
    g.write()


def matmul():
    g = Group("matmul")
    g.case("plain", {"A": randn(2, 3), "B": randn(3, 4)}, torch.matmul)
    g.case("batched", {"A": randn(2, 2, 3), "B": randn(2, 3, 2)}, torch.matmul)
    g.case("broadcast_right", {"A": randn(3, 2, 3), "B": randn(3, 2)}, torch.matmul)
    g.case("broadcast_left", {"A": randn(2, 3), "B": randn(3, 3, 2)}, torch.matmul)
    g.case("broadcast_both", {"A": randn(2, 1, 2, 3), "B": randn(3, 3, 2)}, torch.matmul)
    g.case("transposed_A", {"A": randn(3, 2), "B": randn(3, 4)}, lambda a, b: a.T @ b)
    g.case("transposed_B", {"A": randn(2, 2, 3), "B": randn(2, 4, 3)}, lambda a, b: a @ b.transpose(-1, -2))
    g.write()


def shapes():
    g = Group("shapes")
    g.case("reshape", {"x": randn(2, 3, 4)}, lambda x: x.reshape(4, 6))
    g.case("reshape_of_transposed", {"x": randn(2, 3)}, lambda x: x.T.reshape(2, 3))
    g.case("transpose", {"x": randn(2, 3, 4)}, lambda x: x.transpose(-1, -2))
    g.case("transpose_0_2", {"x": randn(2, 3, 4)}, lambda x: x.transpose(0, 2))
    g.case("permute_2_0_1", {"x": randn(2, 3, 4)}, lambda x: x.permute(2, 0, 1))
    g.case("slice_axis1_1_3", {"x": randn(2, 4, 3)}, lambda x: x[:, 1:3])
    g.case("broadcast_to", {"x": randn(3, 1)}, lambda x: x.expand(2, 3, 4))
    for axis, (a, b) in enumerate([((1, 3), (2, 3)), ((2, 1), (2, 3))]):
        g.case(f"cat_axis{axis}", {"A": randn(*a), "B": randn(*b)}, lambda a, b: torch.cat([a, b], axis))
    for axis in range(3):
        g.case(f"stack_axis{axis}", {"A": randn(2, 3), "B": randn(2, 3)}, lambda a, b: torch.stack([a, b], axis))
    g.write()


def embedding():
    g = Group("embedding")
    ids = torch.tensor([[1, 0, 3, 1], [1, 4, 3, 0]])  # row 2 is never visited, row 1 three times
    g.case("lookup", {"ids": ids, "weight": randn(5, 3)}, F.embedding)
    g.write()


def losses():
    g = Group("losses")
    g.case("cross_entropy", {"logits": 2 * randn(4, 5), "targets": torch.tensor([1, 0, 4, 4])}, F.cross_entropy)
    # The mean is over the targets that are not ignored.
    ignoring = lambda logits, targets: F.cross_entropy(logits, targets, ignore_index=-1)
    g.case("cross_entropy_ignored", {"logits": 2 * randn(5, 4), "targets": torch.tensor([3, -1, 0, -1, 2])}, ignoring,
           ignore_index=-1)
    g.case("mse", {"prediction": randn(3, 2), "target": randn(3, 2)}, F.mse_loss)
    g.write()


def parameters(module):
    """The module's parameters by name, redrawn: PyTorch starts some of them at zero, where errors hide."""
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.5)
    return dict(module.named_parameters())


def linear():
    g = Group("linear")
    layer = nn.Linear(3, 2)
    inputs = {"x": randn(2, 4, 3).requires_grad_(), **parameters(layer)}
    g.trace("linear", inputs, layer(inputs["x"]))
    layer = nn.Linear(3, 2, bias=False)
    inputs = {"x": randn(4, 3).requires_grad_(), **parameters(layer)}
    g.trace("no_bias", inputs, layer(inputs["x"]))
    g.write()


def recurrent(name, cell_type, sequence_type):
    """A cell for one step, and 7 steps of it: x [2, 7, 3], h0 [2, 4] -> out [2, 7, 4], the 7 states.

    The GRU's weights stack three gates, in PyTorch's order: reset, update, new. Its bias_hh stands inside the reset.
    """
    g = Group(name)
    cell = cell_type(3, 4)
    inputs = {"x": randn(2, 3).requires_grad_(), "h": randn(2, 4).requires_grad_(), **parameters(cell)}
    g.trace("cell", inputs, cell(inputs["x"], inputs["h"]))
    sequence = sequence_type(3, 4, batch_first=True)
    x, h0 = randn(2, 7, 3).requires_grad_(), randn(2, 4).requires_grad_()
    weights = {key.replace("_l0", ""): value for key, value in parameters(sequence).items()}
    g.trace("sequence", {"x": x, "h0": h0, **weights}, sequence(x, h0[None])[0])
    g.write()


def split_query_key_value(named):
    """PyTorch keeps the weights of query, key and value in one array, in_proj; we keep three."""
    split = {}
    for name, value in named.items():
        if "in_proj_" not in name:
            split[name] = value
            continue
        owner, kind = name.split("in_proj_")
        for part, rows in zip(["query", "key", "value"], value.chunk(3)):
            split[f"{owner}{part}.{kind}"] = rows
    return split


def trace_attention(g, case, x, module, out):
    """As Group.trace, with in_proj split into query, key and value."""
    upstream = torch.randn_like(out)
    out.backward(upstream)
    named = dict(module.named_parameters())
    gradients = {name: value.grad for name, value in named.items()}
    g.add(f"{case}.x", x)
    for name, value in split_query_key_value(named).items():
        g.add(f"{case}.{name}", value)
    g.add(f"{case}.out", out)
    g.add(f"{case}.out.grad", upstream)
    g.add(f"{case}.x.grad", x.grad)
    for name, value in split_query_key_value(gradients).items():
        g.add(f"{case}.{name}.grad", value)


# Two sequences of 4 tokens; the second has 1 token of padding at the end. 1 = padding, as in PyTorch.
PADDING = torch.tensor([[0, 0, 0, 0], [0, 0, 0, 1]])
CAUSAL = torch.triu(torch.ones(4, 4), 1) > 0  # True where attending is forbidden


def attention():
    g = Group("attention")
    g.add("padding", PADDING)
    for case, masks in [("plain", {}), ("padded", {"key_padding_mask": PADDING > 0}), ("causal", {"attn_mask": CAUSAL}),
                        ("padded_causal", {"key_padding_mask": PADDING > 0, "attn_mask": CAUSAL})]:
        module = nn.MultiheadAttention(4, num_heads=2, batch_first=True)
        parameters(module)
        x = randn(2, 4, 4).requires_grad_()
        out, weights = module(x, x, x, average_attn_weights=False, **masks)
        trace_attention(g, case, x, module, out)
        g.add(f"{case}.weights", weights)  # [B, H, T, T], the softmax of the scores
    g.write()


def scaled_dot_product():
    """Q [2, 2, Tq, 3], K [2, 2, Tk, 3], V [2, 2, Tk, 2]. Where the second sequence sees no key, PyTorch gives 0, too."""
    g = Group("scaled_dot_product")
    for case, queries, keys, hidden in [("causal", 4, 4, CAUSAL), ("causal_last", 2, 4, CAUSAL[2:]), ("cross", 5, 3, None),
                                        ("padded", 3, 4, PADDING[:, None, None] > 0),
                                        ("padded_causal", 4, 4, (PADDING[:, None, None] > 0) | CAUSAL),
                                        ("nothing", 4, 4, torch.tensor([False, True]).view(2, 1, 1, 1))]:
        mask = None if hidden is None else ~hidden.expand(2, 1, queries, keys)  # True where PyTorch may look
        g.case(case, {"Q": randn(2, 2, queries, 3), "K": randn(2, 2, keys, 3), "V": randn(2, 2, keys, 2)},
               lambda q, k, v: F.scaled_dot_product_attention(q, k, v, attn_mask=mask))
    g.write()


def encoder_layer():
    g = Group("encoder_layer")
    g.add("padding", PADDING)
    for case, norm_first, eps, mask in [("post_ln", False, 1e-12, None), ("pre_ln", True, 1e-5, None),
                                        ("post_ln_padded", False, 1e-12, PADDING > 0)]:
        module = nn.TransformerEncoderLayer(4, nhead=2, dim_feedforward=6, dropout=0.0, activation="gelu",
                                            layer_norm_eps=eps, batch_first=True, norm_first=norm_first)
        parameters(module)
        x = randn(2, 4, 4).requires_grad_()
        trace_attention(g, case, x, module, module(x, src_key_padding_mask=mask))
        g.add(f"{case}.eps", eps)
    g.write()


def optimizers():
    """5 steps each: start [2, 3], grads [5, 2, 3] (given, the same for every model), after [5, 2, 3]."""
    g = Group("optimizers")
    betas = dict(betas=(0.9, 0.98))
    for case, optimizer_type, options in [
        ("sgd", torch.optim.SGD, dict(lr=0.1)),
        ("sgd_momentum", torch.optim.SGD, dict(lr=0.1, momentum=0.9)),
        ("adam", torch.optim.Adam, dict(lr=0.05, eps=1e-8, **betas)),
        ("adamw", torch.optim.AdamW, dict(lr=0.05, eps=1e-6, weight_decay=0.1, **betas)),
    ]:
        weight = nn.Parameter(randn(2, 3))
        optimizer = optimizer_type([weight], **options)
        g.add(f"{case}.start", weight)
        grads, after = randn(5, 2, 3), []
        for grad in grads:
            weight.grad = grad.clone()
            optimizer.step()
            after.append(weight.detach().clone())
        g.add(f"{case}.grads", grads)
        g.add(f"{case}.after", torch.stack(after))
        beta1, beta2 = options.pop("betas", (None, None))
        if beta1:
            options |= {"beta1": beta1, "beta2": beta2}
        for name, value in options.items():
            g.add(f"{case}.{name}", float(value))
    g.write()


def clip_grad_norm():
    g = Group("clip_grad_norm")
    for case, max_norm in [("clipped", 1.0), ("untouched", 100.0)]:
        a, b = nn.Parameter(randn(2, 3)), nn.Parameter(randn(4))
        a.grad, b.grad = randn(2, 3), randn(4)
        g.add(f"{case}.A.before", a.grad)
        g.add(f"{case}.B.before", b.grad)
        g.add(f"{case}.norm", nn.utils.clip_grad_norm_([a, b], max_norm))
        g.add(f"{case}.max_norm", max_norm)
        g.add(f"{case}.A.after", a.grad)
        g.add(f"{case}.B.after", b.grad)
    g.write()


if __name__ == "__main__":
    elementwise_binary()
    elementwise_unary()
    reductions()
    softmax()
    layer_norm()
    matmul()
    shapes()
    embedding()
    losses()
    linear()
    recurrent("rnn", nn.RNNCell, nn.RNN)
    recurrent("gru", nn.GRUCell, nn.GRU)
    attention()
    scaled_dot_product()
    encoder_layer()
    optimizers()
    clip_grad_norm()
