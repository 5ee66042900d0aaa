"""Writes src/test/resources/golden/pytorch/: state_dicts of PyTorch modules as safetensors, and outputs.json, what they compute.

    pip install torch safetensors numpy
    python3 src/test/python/golden_pytorch.py

Run by hand, never by Maven; FromPyTorchTest reads the files. Everything random comes from SEED. A module of half precision is
saved so, and computes its outputs in float32 from those parameters.
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

SEED = 20261129
ROWS = 12
FOLDER = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "pytorch"


class Named(nn.Module):
    """Names that say nothing of the order."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Linear(5, 7)
        self.norm = nn.LayerNorm(7)
        self.head = nn.Linear(7, 2)

    def forward(self, rows):
        return self.head(torch.tanh(self.norm(self.trunk(rows))))


def deep():
    """More than ten modules, whose names are not in the order of the alphabet."""
    layers = []
    for _ in range(6):
        layers += [nn.Linear(6, 6), nn.SiLU()]
    return nn.Sequential(*layers, nn.Linear(6, 1))


# name, module, Kindling's layers, names of modules, type of what is saved
CASES = [
    ("plain", nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)), "dense(8) relu dense(3)", [], torch.float32),
    (
        "normalized",
        nn.Sequential(nn.Linear(4, 8, bias=False), nn.BatchNorm1d(8), nn.PReLU(), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 1)),
        "dense(8) batchNorm prelu(shared=true) dense(8) gelu dense(1)",
        [],
        torch.float32,
    ),
    ("named", Named(), "dense(7) layerNorm tanh dense(2)", ["trunk", "norm", "head"], torch.float32),
    ("deep", deep(), " ".join(["dense(6) silu"] * 6 + ["dense(1)"]), [], torch.float32),
    ("half", nn.Sequential(nn.Linear(3, 5), nn.ELU(), nn.Linear(5, 2)), "dense(5) elu dense(2)", [], torch.float16),
    ("brain", nn.Sequential(nn.Linear(3, 5), nn.Softplus(), nn.Linear(5, 2)), "dense(5) softplus dense(2)", [], torch.bfloat16),
    ("double", nn.Sequential(nn.Linear(3, 5), nn.Sigmoid(), nn.Linear(5, 2)), "dense(5) sigmoid dense(2)", [], torch.float64),
]


def main():
    torch.manual_seed(SEED)
    FOLDER.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, module, layers, modules, kind in CASES:
        inputs = next(m for m in module.modules() if isinstance(m, nn.Linear)).in_features
        for part in module.modules():
            if isinstance(part, (nn.BatchNorm1d, nn.LayerNorm)):
                nn.init.normal_(part.weight, 1, 0.5)
                nn.init.normal_(part.bias)
        module.train()
        module(3 * torch.randn(50, inputs) + 1)  # moves running averages
        module.eval()
        module.to(kind)
        save_file(module.state_dict(), FOLDER / f"{name}.safetensors")
        module.to(torch.float32)
        rows = torch.randn(ROWS, inputs)
        with torch.no_grad():
            outputs = module(rows)
        cases.append(
            {
                "name": name,
                "layers": layers,
                "modules": modules,
                "rows": [[float(f"{v:.9g}") for v in row] for row in rows.tolist()],
                "outputs": [[float(f"{v:.9g}") for v in row] for row in outputs.tolist()],
            }
        )
    (FOLDER / "outputs.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
