"""Writes src/test/resources/golden/rates.json: steps that PyTorch takes with a learning rate for each group of parameters.

    pip install torch numpy
    python3 src/test/python/golden_rates.py

Run by hand, never by Maven; GoldenRatesTest reads the file. The network is scale, dense, prelu and dense,
in float64; all that both sides start from is rounded to float32 first. Weight decay has a schedule of its own, flat-cos of
RealMLP (Holzmüller et al. 2024).
"""

import json
import math
import pathlib

import numpy as np
import torch
from torch import nn

ROWS, INPUTS, HIDDEN, CLASSES, STEPS = 12, 5, 6, 3, 12
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "rates.json"
GROUPS = ["scale", "weight", "bias", "gain", "weight", "bias"]  # of parameters(), in order
CASES = [
    ("sgd", torch.optim.SGD, {}, 0.05, {"weight": 1, "bias": 0.1, "gain": 2, "scale": 6}),
    ("momentum(momentum=0.9)", torch.optim.SGD, {"momentum": 0.9}, 0.02, {"weight": 0.5, "bias": 1, "gain": 0, "scale": 3}),
    ("adam", torch.optim.Adam, {}, 0.01, {"weight": 0.0625, "bias": 0.1, "gain": 0.1, "scale": 6}),
    ("adamw(beta2=0.95, weightDecay=0.32)", torch.optim.AdamW, {"betas": (0.9, 0.95), "weight_decay": 0.32}, 0.04,
     {"weight": 0.0625, "bias": 0.1, "gain": 0.1, "scale": 6}),
]  # fmt: skip

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(20261129)


def normal(shape, mean, deviation):
    return torch.tensor(rng.normal(mean, deviation, shape).astype(np.float32).astype(np.float64))


def flat_cosine(t, length):
    return 1.0 if t / length <= 0.5 else 0.5 * (1 + math.cos(math.pi * (2 * t / length - 1)))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(INPUTS))
        self.first = nn.Linear(INPUTS, HIDDEN)
        self.prelu = nn.PReLU(HIDDEN)
        self.last = nn.Linear(HIDDEN, CLASSES)
        for parameter in (self.first.weight, self.last.weight, self.first.bias, self.last.bias):
            parameter.data = normal(parameter.shape, 0, 0.6)
        self.prelu.weight.data = normal(HIDDEN, 0.3, 0.2)

    def forward(self, x):
        return self.last(self.prelu(self.first(x * self.scale)))

    def flat(self):
        """Our layout: weights are (inputs, units)."""
        return [x for p in self.parameters() for x in (p.T if p.dim() == 2 else p).reshape(-1).tolist()]


def run(spec, optimizer, options, rate, factors):
    model = Model()
    features = normal((ROWS, INPUTS), 0, 1)
    targets = torch.tensor(rng.integers(0, CLASSES, ROWS))
    golden = {
        "optimizer": spec,
        "rate": rate,
        "factors": factors,
        "features": features.reshape(-1).tolist(),
        "targets": targets.tolist(),
        "parameters": model.flat(),
    }
    decay = options.pop("weight_decay", 0)
    groups = [{"params": [p], "name": g, "lr": rate * factors[g]} for p, g in zip(model.parameters(), GROUPS)]
    stepping = optimizer(groups, lr=rate, weight_decay=0, **options)
    for step in range(STEPS):
        for group in stepping.param_groups:
            group["weight_decay"] = decay * flat_cosine(step, STEPS) if group["name"] == "weight" else 0
        stepping.zero_grad()
        nn.functional.cross_entropy(model(features), targets).backward()
        stepping.step()
    golden["steps"] = STEPS
    golden["after"] = model.flat()
    return golden


FILE.write_text(json.dumps([run(*case) for case in CASES], indent=1) + "\n")
