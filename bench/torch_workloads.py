"""What torch_side.py measures: the twins of bench/workloads.cpp."""
import math

import torch
from torch import nn
from torch.nn import functional as F


# W1, W2
class Layer(nn.Module):
    """A post-LN encoder layer, 4 heads of 64."""

    def __init__(self, width=256, hidden=1024):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x):
        heads = [part(x).view(*x.shape[:2], 4, 64).transpose(1, 2) for part in (self.query, self.key, self.value)]
        x = self.norm1(x + self.output(attend(*heads).transpose(1, 2).reshape(x.shape)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class BertMini(nn.Module):
    def __init__(self, vocabulary=2600, width=256):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(128, width)
        self.norm, self.layers = nn.LayerNorm(width), nn.Sequential(*(Layer() for _ in range(4)))
        self.decoder = nn.Linear(width, vocabulary)
        for name, parameter in self.named_parameters():
            if "norm" not in name:
                nn.init.zeros_(parameter) if "bias" in name else nn.init.normal_(parameter, std=0.02)

    def forward(self, ids):
        return self.decoder(self.layers(self.norm(self.tokens(ids) + self.positions.weight[: ids.shape[1]])))


def bert():
    model, ids, targets = BertMini(), torch.randint(2600, (16, 128)), torch.randint(2600, (16, 128))
    return model, lambda: F.cross_entropy(model(ids).flatten(0, 1), targets.flatten())


def training_step():
    model, loss = bert()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    return step


def differentiate(loss, leaves):
    """A function that computes the loss and its gradients, and drops them."""

    def run():
        for leaf in leaves:
            leaf.grad = None
        loss().backward()

    return run


def mean_square(x):
    return (x * x).mean()


def no_grad(function):
    return torch.no_grad()(function)


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
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)

    def step():
        optimizer.zero_grad(set_to_none=True)
        torch.relu(1 - side * net(x)).mean().backward()
        optimizer.step()

    return step


# W5
def attend(query, key, value, hidden=None):
    scores = query @ key.transpose(-1, -2) / 8
    return torch.softmax(scores if hidden is None else scores.masked_fill_(hidden, -math.inf), -1) @ value


def attention(tokens, causal=False):
    qkv = [torch.randn(1, 4, tokens, 64) for _ in range(3)]
    hidden = torch.ones(tokens, tokens, dtype=torch.bool).triu(1) if causal else None
    return no_grad(lambda: attend(*qkv, hidden))


# W6
def look_up():
    table, ids = torch.randn(512, 768), torch.arange(512).repeat(16, 1)
    return no_grad(lambda: F.embedding(ids, table))


def table_codes():
    table, ids = torch.randn(512, 768), torch.arange(512)
    return lambda: F.embedding(ids, table)


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


def added(codes):
    x = torch.randn(16, 512, 768)
    return no_grad(lambda: x + codes())


# name: a function that prepares the workload and returns what a repetition does
WORKLOADS = {
    "W1": training_step,
    "W2": lambda: no_grad(bert()[1]),
    **{f"W3.{t}.rnn": (lambda t=t: recurrence(t, False)) for t in (128, 512, 2048)},
    **{f"W3.{t}.cell": (lambda t=t: recurrence(t, True)) for t in (128, 512, 2048)},
    "W4.ops16": sixteen_numbers,
    "W4.mlp": lambda: small_mlp(100),
    "W4.mlp1": lambda: small_mlp(1),
    **{f"W5.{n}": (lambda n=n: attention(n)) for n in (512, 1024, 2048, 4096)},
    **{f"W5.{n}.causal": (lambda n=n: attention(n, True)) for n in (1024, 4096)},
    "W6.lookup": look_up,
    "W6.sin": lambda: no_grad(sinusoids()),
    "W6.rnn": lambda: no_grad(recursion()[0]),
    "W6.rnn_train": recursion_trained,
    "W6.lookup_bcast": lambda: added(table_codes()),
    "W6.sin_bcast": lambda: added(sinusoids()),
    "W6.rnn_bcast": lambda: added(recursion()[0]),
}
