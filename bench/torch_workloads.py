"""What torch_side.py measures: the twins of bench/workloads.cpp.

Where PyTorch has two ways to the same numbers in float, both are here: "explicit", attention written out and AdamW as
it is by default, and "fused", its kernels that do all of it at once. torch.compile is not: it compiles for seconds."""
import contextlib
import functools
import json
import math
import os

import torch
from torch import nn

import plan

F = nn.functional
fused = F.scaled_dot_product_attention


@functools.cache
def future(tokens):
    with torch.inference_mode(False):  # it may be needed where gradients are, too
        return torch.ones(tokens, tokens, dtype=torch.bool).triu(1)


def explicit(query, key, value, is_causal=False):
    scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    if is_causal:
        scores.masked_fill_(future(scores.shape[-1]), -math.inf)
    return torch.softmax(scores, -1) @ value


def optimizer_of(kind, parameters, attend, **options):
    if attend is fused:
        with contextlib.suppress(RuntimeError):  # before PyTorch 2.4 only GPUs have it
            return kind(parameters, fused=True, **options)
    return kind(parameters, **options)


def without_gradients(function):
    return torch.inference_mode()(function)


def product(lies, m, n, k, batch):
    a = torch.randn(batch, k, m).mT if lies == "TN" else torch.randn(batch, m, k)
    b = torch.randn(batch, n, k).mT if lies == "NT" else torch.randn(batch, k, n)
    return without_gradients(lambda: torch.bmm(a, b)) if batch > 1 else without_gradients(lambda: torch.mm(a[0], b[0]))


# W1, W2
class Layer(nn.Module):
    """A post-LN encoder layer."""

    def __init__(self, attend, width, heads, hidden):
        super().__init__()
        self.attend, self.heads = attend, heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, kept=None):
        """kept: keys and values of earlier tokens, which those of x join; then it is causal."""
        query, key, value = (part(x).view(*x.shape[:2], self.heads, -1).transpose(1, 2)
                             for part in (self.query, self.key, self.value))
        if kept is not None:
            key, value = kept[:] = torch.cat([kept[0], key], 2), torch.cat([kept[1], value], 2)
        attended = self.attend(query, key, value, is_causal=kept is not None and x.shape[1] > 1)
        x = self.norm1(x + self.output(attended.transpose(1, 2).reshape(x.shape)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Bert(nn.Module):
    """ids and the position of the first one -> hidden states."""

    def __init__(self, attend, vocabulary, positions, width, heads, hidden, layers):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(positions, width)
        self.norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(Layer(attend, width, heads, hidden) for _ in range(layers))

    def forward(self, ids, first=0, kept=None):
        x = self.norm(self.tokens(ids) + self.positions.weight[first : first + ids.shape[1]])
        for i, layer in enumerate(self.layers):
            x = layer(x, kept and kept[i])
        return x


class BertMini(Bert):
    """The same -> logits."""

    def __init__(self, attend):
        super().__init__(attend, 2600, 128, 256, 4, 1024, 4)
        self.decoder = nn.Linear(256, 2600)

    def forward(self, *inputs):
        return self.decoder(super().forward(*inputs))


def bert_mini(attend):
    model, ids, targets = BertMini(attend), torch.randint(2600, (16, 128)), torch.randint(2600, (16, 128))
    return model, lambda: F.cross_entropy(model(ids).flatten(0, 1), targets.flatten())


def steps_of(optimizer, loss):
    def step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    return step


def training_step(attend):
    model, loss = bert_mini(attend)
    return steps_of(optimizer_of(torch.optim.AdamW, model.parameters(), attend, lr=1e-4, weight_decay=0.01), loss)


def forward_pass(attend):
    return without_gradients(bert_mini(attend)[1])


def generation(attend):
    model, prompt = BertMini(attend), torch.randint(2600, (1, 16))

    def write():
        kept, ids, first = [[torch.empty(1, 4, 0, 64)] * 2 for _ in model.layers], prompt, 0
        for _ in range(112):
            logits = model(ids, first, kept)
            first, ids = first + ids.shape[1], logits[:, -1:].argmax(-1)

    return without_gradients(write)


# A published BERT: that of transformers, or with its sizes the one above. Random numbers take as long as trained ones.
def published_bert(attend):
    """The model, a function of ids and the position of the first one that gives hidden states, and how many words it
    knows."""
    folder = os.environ["ORDINAL_MINILM"]
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    try:
        import transformers
    except ImportError:
        model = Bert(attend, *(config[size] for size in ("vocab_size", "max_position_embeddings", "hidden_size",
                     "num_attention_heads", "intermediate_size", "num_hidden_layers")))
        return model, model, config["vocab_size"]
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = transformers.BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation=(
        "sdpa" if attend is fused else "eager")).float()  # the file's numbers may be halves

    def hidden(ids, first=0):
        positions = torch.arange(first, first + ids.shape[1])[None]
        return model(ids, position_ids=positions).last_hidden_state

    return model, hidden, config["vocab_size"]


def reading(attend, texts, length):
    _, hidden, words = published_bert(attend)
    ids = torch.randint(words, (texts, length))
    return without_gradients(lambda: hidden(ids))


def rows_trained(attend):
    model, hidden, words = published_bert(attend)
    model.requires_grad_(False)
    rows = next(parameter for name, parameter in model.named_parameters() if "position" in name).requires_grad_()
    ids, given = torch.randint(words, (16, 48)), torch.randn(16, rows.shape[1])

    def loss():
        vectors = F.normalize(hidden(ids, int(torch.randint(len(rows) - 48, ()))).mean(1), dim=-1)
        return 1 - (vectors * given).sum(-1).mean()

    return steps_of(optimizer_of(torch.optim.Adam, [rows], attend, lr=2e-3), loss)


def differentiate(result, leaves, d_result=None):
    """A function that computes something, a loss if there is no d_result, and its gradients, and drops them."""

    def run():
        for leaf in leaves:
            leaf.grad = None
        result().backward(d_result)

    return run


def mean_square(x):
    return (x * x).mean()


# W3
def recurrence(steps, step_by_step):
    x = torch.randn(16, steps, 256, requires_grad=True)
    net = nn.RNNCell(256, 256) if step_by_step else nn.RNN(256, 256, batch_first=True)

    def loop():
        states = [torch.zeros(16, 256)]
        for x_t in x.unbind(1):
            states.append(net(x_t, states[-1]))
        return torch.stack(states[1:], 1)

    states = loop if step_by_step else lambda: net(x)[0]
    return differentiate(lambda: mean_square(states()), [x, *net.parameters()])


# W4
def sixteen_numbers():
    a, b, c = (torch.randn(16, requires_grad=True) for _ in range(3))
    return differentiate(lambda: (a * b + c).tanh().sum(), [a, b, c])


def small_mlp(points):
    net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))
    x, side = torch.randn(points, 2), torch.randn(points, 1).sign()
    return steps_of(torch.optim.SGD(net.parameters(), lr=0.05), lambda: torch.relu(1 - side * net(x)).mean())


# W5
def attention(attend, tokens, is_causal=False):
    qkv = [torch.randn(1, 4, tokens, 64) for _ in range(3)]
    return without_gradients(lambda: attend(*qkv, is_causal=is_causal))


def attention_trained(attend, tokens):
    *qkv, d_out = (torch.randn(1, 4, tokens, 64, requires_grad=True) for _ in range(4))
    return differentiate(lambda: attend(*qkv, is_causal=True), qkv, d_out.detach())


# W6
def sinusoids():
    position = torch.arange(512.0).unsqueeze(1)

    def codes():
        angles = position * torch.exp(torch.arange(0, 768, 2.0) * (-math.log(10000) / 768))
        table = torch.empty(512, 768)
        table[:, 0::2], table[:, 1::2] = angles.sin(), angles.cos()
        return table

    return codes


def recursion():
    """The leaves p_0, W, b and a function that computes all positions from them."""
    start, matrix, bias = torch.randn(768), torch.randn(768, 768) / 768**0.5, torch.zeros(768)
    for leaf in (start, matrix, bias):
        leaf.requires_grad_()

    def codes():
        states = [start]
        for _ in range(511):
            states.append(torch.tanh(torch.addmv(bias, matrix, states[-1])))
        return torch.stack(states)

    return codes, [start, matrix, bias]


def recursion_trained():
    codes, leaves = recursion()
    return differentiate(lambda: mean_square(codes()), leaves)


def added(codes, *arguments):
    x = torch.randn(16, 512, 768)
    return without_gradients(lambda: x + codes(*arguments))


def eager(prepare, *arguments):
    return {"eager": lambda: prepare(*arguments)}


def both(prepare, *arguments):
    return {"explicit": lambda: prepare(explicit, *arguments), "fused": lambda: prepare(fused, *arguments)}


# name: for each configuration a function that prepares the workload and returns what a repetition does
WORKLOADS = {
    **{w.name: eager(product, w.name.split(".")[1], *map(int, w.name.split(".")[2:])) for w in plan.PRODUCTS},
    "W1": both(training_step),
    "W2": both(forward_pass),
    **{f"W3.{t}.rnn": eager(recurrence, t, False) for t in (128, 512, 2048)},
    **{f"W3.{t}.cell": eager(recurrence, t, True) for t in (128, 512, 2048)},
    "W4.ops16": eager(sixteen_numbers),
    "W4.mlp": eager(small_mlp, 100),
    "W4.mlp1": eager(small_mlp, 1),
    **{f"W5.{n}": both(attention, n) for n in (512, 1024, 2048, 4096)},
    **{f"W5.{n}.causal": both(attention, n, True) for n in (1024, 4096)},
    **{f"W5.{n}.causal_trained": both(attention_trained, n) for n in (1024, 4096)},
    "W6.sin": eager(lambda: without_gradients(sinusoids())),
    "W6.rnn": eager(lambda: without_gradients(recursion()[0])),
    "W6.rnn_train": eager(recursion_trained),
    "W6.lookup_bcast": eager(lambda: added(nn.Embedding(512, 768), torch.arange(512))),
    "generate": both(generation),
    "bert.batch": both(reading, 32, 128),
    "bert.one": both(reading, 1, 16),
    "bert.rows": both(rows_trained),
}
