"""A model of Ordinal in PyTorch: PyTorch's own layers, filled from a file of Ordinal, with the same logits up to
rounding. See docs/coming-from-pytorch.md.

    model = to_pytorch.load("model.safetensors", positions="table", num_heads=4, causal=True)
    logits = model(ids)        # [B, T] -> [B, T, V]

The file is what save_parameters or save_checkpoint wrote. How wide and how deep the model is, where its norms stand and
which head it has, its arrays tell; what they do not tell stands in the call, as it stood in TransformerOptions:

    positions         the scheme. "table": a LearnedTable, which is in the file. "none": the model has no positions. Of
                      any other scheme that is added to the input its codes, [T, D], as its vectors() gave them (a
                      tensor, or an array of NumPy); they stay as they are in training.
                      Rotations and biases on scores are not here.
    num_heads, causal, layer_norm_eps
    dropout           for training on. PyTorch's layers drop inside the feed-forward part as well

Needs PyTorch 2, and nothing else. What is wrong with a file or a call is a ValueError.
"""
import json
import math
import os

import torch
from torch import nn
from torch.nn import functional as F

TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}

# What only schemes have that are not added to the input, by the first word of the name: T5, Shaw, Kerple, FIRE, CoPE,
# PaTH, RNNs over the inputs, gated recurrences, forgetting and selective RoPE, queries that are sharpened.
NOT_CODES = {"relative_attention_bias", "keys", "raw_r1", "hidden", "codes", "direction", "cell", "gate", "bias",
             "ssmax"}


def read_safetensors(path):
    """{name: tensor} of all arrays. A file is 8 bytes that say how long its header is, the header, and the data."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        length = int.from_bytes(file.read(8), "little")
        if size < 8 + length:
            raise ValueError(f"{path}: its header should take {length} bytes, but all of it has {size}; save or "
                             "download it again (what Git LFS has not fetched looks so: git lfs pull)")
        header, data = file.read(length), bytearray(file.read())
    try:
        arrays = {}
        for name, array in json.loads(header).items():
            if name == "__metadata__":
                continue
            begin, end = array["data_offsets"]
            if end > len(data):
                raise ValueError(f"its data end at byte {len(data)}, and '{name}' at {end}")
            if array["dtype"] not in TYPES:
                raise ValueError(f"'{name}' is stored as {array['dtype']}; expected one of {', '.join(TYPES)}")
            dtype, shape = TYPES[array["dtype"]], tuple(array["shape"])
            if not 0 <= begin <= end or end - begin != math.prod(shape) * dtype.itemsize:
                raise ValueError(f"'{name}' {list(shape)} has the bytes {begin} to {end}")
            numbers = torch.frombuffer(data[begin:end], dtype=dtype) if end > begin else torch.empty(0, dtype=dtype)
            arrays[name] = numbers.view(shape)
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError, RecursionError) as reason:
        raise ValueError(f"{path}: its header does not fit: {reason}; save or download it again") from reason
    return arrays


def pytorch_names(arrays):
    """PyTorch keeps the three matrices of attention in one array, one below the other; all else has the same names."""
    named = dict(arrays)
    for name in arrays:
        if ".self_attn.query." in name:
            parts = [named.pop(name.replace("query", part)) for part in ("query", "key", "value")]
            named[name.replace("query.", "in_proj_")] = torch.cat(parts)
    return named


class MaskedLmHead(nn.Module):
    """E LN(gelu(W h + b)) + c, E the token vectors."""

    def __init__(self, tokens, eps):
        super().__init__()
        V, D = tokens.weight.shape
        self.transform, self.norm = nn.Linear(D, D), nn.LayerNorm(D, eps)
        self.bias = nn.Parameter(torch.zeros(V))
        self.tokens = [tokens]  # in a list: it is the model's, and not saved twice

    def forward(self, h):
        return F.linear(self.norm(F.gelu(self.transform(h))), self.tokens[0].weight, self.bias)


class Transformer(nn.Module):
    """nn/model.h in PyTorch's words; parameters have the same names."""

    def __init__(self, arrays, num_heads, causal=False, layer_norm_eps=1e-5, dropout=0.0):
        super().__init__()
        if not (isinstance(num_heads, int) and layer_norm_eps >= 0):
            raise ValueError("expected a whole number of heads and a layer_norm_eps of 0 or more, got "
                             f"{num_heads!r} and {layer_norm_eps!r}")
        self.causal = causal
        V, D = arrays["tokens.weight"].shape
        d_ff = len(arrays["encoder.layers.0.linear1.bias"])
        depth = 1 + max(int(name.split(".")[2]) for name in arrays if name.startswith("encoder.layers."))
        norm_first = "encoder.norm.weight" in arrays  # NormPlacement::pre normalises once more at the end
        norm = lambda: nn.LayerNorm(D, layer_norm_eps)

        self.tokens = nn.Embedding(V, D)
        self.segments = nn.Embedding(len(arrays["segments.weight"]), D) if "segments.weight" in arrays else None
        self.encoder = nn.Module()
        if "encoder.position.weight" in arrays:
            self.encoder.position = nn.Embedding(len(arrays["encoder.position.weight"]), D)
        has_input_norm = "encoder.input_norm.weight" in arrays
        self.encoder.input_norm = norm() if has_input_norm else nn.Identity()
        self.encoder.input_dropout = nn.Dropout(dropout if has_input_norm else 0)
        self.encoder.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(D, num_heads, d_ff, dropout=dropout, activation=F.gelu, batch_first=True,
                                       layer_norm_eps=layer_norm_eps, norm_first=norm_first) for _ in range(depth))
        self.encoder.norm = norm() if norm_first else nn.Identity()
        if "head.transform.weight" in arrays:
            self.head = MaskedLmHead(self.tokens, layer_norm_eps)
        else:
            self.head = nn.Linear(D, V) if "head.weight" in arrays else nn.Identity()

    def forward(self, ids, segment_ids=None, padding=None):
        """ids: [B, T] -> [B, T, V], or without a head [B, T, D]. padding: [B, T], True or 1 = a token that nobody sees.
        Of a text of padding alone PyTorch makes NaN where it is quickest: in eval(), without gradients."""
        T, mask = ids.shape[1], None
        padding = None if padding is None else padding != 0  # PyTorch would add numbers to the scores
        x = self.tokens(ids)
        if self.segments is not None:
            x = x + self.segments(torch.zeros_like(ids) if segment_ids is None else segment_ids)
        if hasattr(self.encoder, "position"):
            if T > self.encoder.position.num_embeddings:
                raise ValueError(f"{T} tokens, and positions for {self.encoder.position.num_embeddings}")
            x = x + self.encoder.position(torch.arange(T, device=ids.device))
        x = self.encoder.input_dropout(self.encoder.input_norm(x))
        if self.causal:
            mask = torch.ones(T, T, dtype=torch.bool, device=ids.device).triu(1)  # True = hidden
        for layer in self.encoder.layers:
            x = layer(x, src_mask=mask, src_key_padding_mask=padding, is_causal=self.causal)
        return self.head(self.encoder.norm(x))


def put_positions(path, arrays, positions):
    """The arrays with the codes of all positions as encoder.position.weight, or without where there are none."""
    of_scheme = [name for name in sorted(arrays) if ".position." in name]
    for name in of_scheme:
        words = [word for word in name.split(".position.")[1].split(".") if not word.isdigit()]  # A + B has numbers
        if words[0] in NOT_CODES or not name.startswith("encoder.position."):
            raise ValueError(f"{path} has '{name}': a scheme that is not, or not only, added to the input; PyTorch's "
                             "layers have no place for it")
    if isinstance(positions, str):
        if of_scheme == {"table": ["encoder.position.weight"], "none": []}.get(positions):
            return arrays
        raise ValueError(f"{path}: positions=\"{positions}\", and of a scheme it has {of_scheme}. Expected \"table\" "
                         "where that is ['encoder.position.weight'], \"none\" for a model without positions, or the "
                         "codes [T, D] of another scheme that is added to the input; rotations and biases are not read")
    D = arrays["tokens.weight"].shape[1]
    codes = None if positions is None else torch.as_tensor(positions)
    if codes is None or codes.ndim != 2 or codes.shape[1] != D:
        got = None if codes is None else list(codes.shape)
        raise ValueError(f"{path}: expected positions=\"table\", \"none\" or codes [T, {D}], got {got}")
    return {name: array for name, array in arrays.items() if name not in of_scheme} | {"encoder.position.weight": codes}


def load(path, positions, num_heads, **options):
    arrays = read_safetensors(path)
    if any(name.startswith("model.") for name in arrays):  # a checkpoint: the optimizer's are there, too
        arrays = {name[len("model."):]: array for name, array in arrays.items() if name.startswith("model.")}
    for name in ("tokens.weight", "encoder.layers.0.linear1.bias"):
        if name not in arrays:
            raise ValueError(f"{path} has no '{name}', so it holds no Transformer; its arrays: {', '.join(arrays)}")
    arrays = put_positions(path, arrays, positions)
    try:
        model = Transformer(arrays, num_heads, **options).to(arrays["tokens.weight"].dtype)
        model.load_state_dict(pytorch_names(arrays))  # all of them, no more and no fewer
    except (ValueError, KeyError, TypeError, AssertionError, RuntimeError) as reason:
        what = " ".join(str(reason).split())
        raise ValueError(f"{path}: its arrays and this call make no such model: {what}") from reason
    if not isinstance(positions, str):
        model.encoder.position.weight.requires_grad_(False)
    return model.eval()
