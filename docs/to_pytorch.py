"""A model of Ordinal in PyTorch: PyTorch's own layers, filled from a file of Ordinal, with the same logits up to
rounding. See docs/coming-from-pytorch.md.

    model = to_pytorch.load("model.safetensors", positions="table", num_heads=4, causal=True)
    logits = model(ids)        # [B, T] -> [B, T, V]

The file is what save_parameters or save_checkpoint wrote. How wide and how deep the model is, and which head it has,
its arrays tell; what they do not tell stands in the call, as it stood in TransformerOptions:

    positions         "table" (a LearnedTable, in the file), None, or a tensor [T, D]: the codes of any other scheme
                      that is added to the input, as its vectors() gave them. Rotations and biases are not here.
    num_heads, causal, norm_first (NormPlacement::pre), layer_norm_eps

Needs PyTorch 2, and nothing else.
"""
import json

import torch
from torch import nn
from torch.nn import functional as F


def read_safetensors(path):
    """{name: tensor} of all arrays of numbers. A file is 8 bytes that say how long its header is, the header, data."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    types = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}
    return {name: torch.frombuffer(data[slice(*a["data_offsets"])], dtype=types[a["dtype"]]).view(a["shape"])
            for name, a in header.items() if a.get("dtype") in types}


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

    def __init__(self, arrays, num_heads, causal=False, norm_first=False, layer_norm_eps=1e-5):
        super().__init__()
        self.causal = causal
        V, D = arrays["tokens.weight"].shape
        d_ff = len(arrays["encoder.layers.0.linear1.bias"])
        depth = 1 + max(int(name.split(".")[2]) for name in arrays if name.startswith("encoder.layers."))
        norm = lambda: nn.LayerNorm(D, layer_norm_eps)

        self.tokens = nn.Embedding(V, D)
        self.segments = nn.Embedding(*arrays["segments.weight"].shape) if "segments.weight" in arrays else None
        self.encoder = nn.Module()
        if "encoder.position.weight" in arrays:
            self.encoder.position = nn.Embedding(*arrays["encoder.position.weight"].shape)
        self.encoder.input_norm = norm() if "encoder.input_norm.weight" in arrays else nn.Identity()
        self.encoder.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(D, num_heads, d_ff, dropout=0, activation=F.gelu, layer_norm_eps=layer_norm_eps,
                                       batch_first=True, norm_first=norm_first) for _ in range(depth))
        self.encoder.norm = norm() if norm_first else nn.Identity()
        if "head.transform.weight" in arrays:
            self.head = MaskedLmHead(self.tokens, layer_norm_eps)
        else:
            self.head = nn.Linear(D, V) if "head.weight" in arrays else nn.Identity()

    def forward(self, ids, segment_ids=None, padding=None):
        """ids: [B, T] -> [B, T, V], or without a head [B, T, D]. padding: [B, T], True = a token that nobody sees."""
        x = self.tokens(ids)
        if self.segments is not None:
            x = x + self.segments(torch.zeros_like(ids) if segment_ids is None else segment_ids)
        if hasattr(self.encoder, "position"):
            x = x + self.encoder.position(torch.arange(ids.shape[1], device=ids.device))
        x = self.encoder.input_norm(x)
        T, mask = ids.shape[1], None
        if self.causal:
            mask = torch.ones(T, T, dtype=torch.bool, device=ids.device).triu(1)  # True = hidden
        for layer in self.encoder.layers:
            x = layer(x, src_mask=mask, src_key_padding_mask=padding, is_causal=self.causal)
        return self.head(self.encoder.norm(x))


def load(path, positions, num_heads, **options):
    arrays = read_safetensors(path)
    if any(name.startswith("model.") for name in arrays):  # a checkpoint: the optimizer's are there, too
        arrays = {name[len("model."):]: array for name, array in arrays.items() if name.startswith("model.")}
    of_scheme = sorted(name for name in arrays if name.startswith("encoder.position."))
    if positions is None and of_scheme:
        raise ValueError(f"{path} has '{of_scheme[0]}', so it has positions; give positions=\"table\" or their codes")
    if isinstance(positions, str):
        if positions != "table" or of_scheme != ["encoder.position.weight"]:
            raise ValueError(f"{path}: expected positions=\"table\" and a table in the file, got \"{positions}\" and "
                             f"{of_scheme}; give the codes of another scheme, [T, D]")
    else:
        arrays = {name: array for name, array in arrays.items() if name not in of_scheme}
        if positions is not None:
            arrays["encoder.position.weight"] = positions
    model = Transformer(arrays, num_heads, **options).to(arrays["tokens.weight"].dtype)
    model.load_state_dict(pytorch_names(arrays))  # all of them, no more and no fewer
    return model.eval()
