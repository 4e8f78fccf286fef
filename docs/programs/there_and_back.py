"""PyTorch takes the model that there_and_back.cpp has saved in this folder, trains it for a step and gives it back."""
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

import to_pytorch  # docs/to_pytorch.py

example = to_pytorch.read_safetensors("example.safetensors")
ids = example["ids"]
model = to_pytorch.load("model.safetensors", positions=example["codes"], num_heads=4, causal=True)
print("in PyTorch the largest difference is", (model(ids) - example["logits"]).abs().max().item())

optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
F.cross_entropy(model(ids)[0], ids[0]).backward()
optimizer.step()

arrays = {"logits": model(ids).detach()}
for name, array in model.state_dict().items():
    if ".in_proj_" in name:  # three matrices in one array, of which Ordinal has a layer for each
        for part, third in zip(("query", "key", "value"), array.chunk(3)):
            arrays["model." + name.replace("in_proj_", part + ".")] = third.contiguous()
    elif name != "encoder.position.weight":  # sinusoids are computed
        arrays["model." + name] = array
save_file(arrays, "from_pytorch.safetensors")
