"""Writes src/test/resources/golden/layers.json: what PyTorch computes for each kind of layer, in float64.

    pip install torch numpy
    python3 src/test/python/golden_layers.py

Run by hand, never by Maven; GoldenLayersTest reads the file. As in golden.py everything random comes from SEED, and all
that both sides start from is rounded to float32 first.

PyTorch's normalisation knows no row weights. Weights here are whole numbers, and PyTorch sees each row so many times: 0
is a row that is not there. Logits are listed for those repeated rows.
"""

import json
import pathlib
import re

import numpy as np
import torch
from torch import nn

SEED = 20250611
ROWS, INPUTS = 16, 6
WEIGHTS = [1, 2, 1, 0, 3, 1, 1, 2, 1, 1, 0, 1, 4, 1, 1, 2]
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "layers.json"

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(SEED)


def normal(shape, mean, deviation):
    """Values that float32 holds exactly, as float64."""
    return torch.tensor(rng.normal(mean, deviation, shape).astype(np.float32).astype(np.float64))


def positive(shape):
    return torch.tensor(rng.uniform(0.3, 2.5, shape).astype(np.float32).astype(np.float64))


def numbers(values):
    """A flat list, short in JSON: nine digits name a float32 exactly."""
    return [float(f"{x:.9g}") for x in values.detach().reshape(-1).tolist()]


# Each layer has a name, a spec, its number of outputs, and blocks in the order of our layout. A block that is no Parameter
# is a statistic.


class Dense(nn.Linear):
    def __init__(self, inputs, units):
        super().__init__(inputs, units)
        self.name, self.spec, self.outputs = "dense", f"dense({units})", units
        self.weight.data = normal(self.weight.shape, 0, 1.2 / np.sqrt(inputs))
        self.bias.data = normal(self.bias.shape, 0, 0.4)

    def blocks(self):
        return {"weight": self.weight, "bias": self.bias}


class Plain(nn.Module):
    """An activation."""

    def __init__(self, inputs, name):
        super().__init__()
        self.name, self.spec, self.outputs = name, name, inputs

    def forward(self, x):
        return getattr(torch, self.name)(x)

    def blocks(self):
        return {}


class BatchNorm(nn.BatchNorm1d):
    def __init__(self, inputs, spec="batchNorm", **settings):
        super().__init__(inputs, **settings)
        self.name, self.spec, self.outputs = "batchNorm", spec, inputs
        self.weight.data = normal(inputs, 1, 0.5)
        self.bias.data = normal(inputs, 0, 0.5)
        self.running_mean.copy_(normal(inputs, 0, 0.7))
        self.running_var.copy_(positive(inputs))

    def blocks(self):
        return {"gain": self.weight, "bias": self.bias, "mean": self.running_mean, "variance": self.running_var}


class LayerNorm(nn.LayerNorm):
    def __init__(self, inputs, spec="layerNorm", **settings):
        super().__init__(inputs, **settings)
        self.name, self.spec, self.outputs = "layerNorm", spec, inputs
        self.weight.data = normal(inputs, 1, 0.5)
        self.bias.data = normal(inputs, 0, 0.5)

    def blocks(self):
        return {"gain": self.weight, "bias": self.bias}


class Prelu(nn.PReLU):
    def __init__(self, inputs, shared=False):
        super().__init__(1 if shared else inputs)
        self.name, self.spec, self.outputs = "prelu", f"prelu(shared={str(shared).lower()})", inputs
        self.weight.data = normal(self.weight.shape, 0.2, 0.3)

    def blocks(self):
        return {"slope": self.weight}


class Maxout(nn.Module):
    def __init__(self, inputs, pieces):
        super().__init__()
        self.name, self.spec, self.outputs = "maxout", f"maxout({pieces})", inputs // pieces
        self.pieces = pieces

    def forward(self, x):
        return torch.amax(x.reshape(len(x), -1, self.pieces), dim=2)

    def blocks(self):
        return {}


class Standardize(nn.Module):
    """Its statistics do not move in training."""

    def __init__(self, inputs):
        super().__init__()
        self.name, self.spec, self.outputs = "standardize", "standardize", inputs
        self.mean = normal(inputs, 0, 0.7)
        self.deviation = positive(inputs)

    def forward(self, x):
        return (x - self.mean) / self.deviation

    def blocks(self):
        return {"mean": self.mean, "deviation": self.deviation}


class Chain(nn.Sequential):
    def __init__(self, inputs, makers):
        layers = []
        width = inputs
        for make in makers:
            layers.append(make(width))
            width = layers[-1].outputs
        super().__init__(*layers)
        self.outputs = width
        self.spec = " ".join(layer.spec for layer in layers)

    def blocks(self):
        blocks, seen = {}, {}
        for layer in self:
            seen[layer.name] = seen.get(layer.name, 0) + 1
            for name, tensor in layer.blocks().items():
                blocks[f"{layer.name}{seen[layer.name]}.{name}"] = tensor
        return blocks


class Residual(nn.Module):
    def __init__(self, inputs, makers):
        super().__init__()
        self.chain = Chain(inputs, makers)
        self.name, self.spec, self.outputs = "residual", f"residual([{self.chain.spec}])", inputs

    def forward(self, x):
        return x + self.chain(x)

    def blocks(self):
        return self.chain.blocks()


def maker(kind, *arguments, **settings):
    return lambda inputs: kind(inputs, *arguments, **settings)


def dense(units):
    return maker(Dense, units)


def residual(*makers):
    return maker(Residual, makers)


relu, tanh, sigmoid = (maker(Plain, name) for name in ("relu", "tanh", "sigmoid"))
batch_norm = maker(BatchNorm)
layer_norm = maker(LayerNorm)
prelu = maker(Prelu)

# (loss, layers); softmax has three outputs, the others one
CASES = [
    ("softmaxCrossEntropy", [dense(8), batch_norm, relu, dense(3)]),
    ("softmaxCrossEntropy", [batch_norm, dense(3)]),
    ("squaredError", [dense(8), maker(BatchNorm, "batchNorm(momentum=0.3, epsilon=0.01)", momentum=0.3, eps=0.01), tanh, dense(1)]),
    ("sigmoidCrossEntropy", [dense(5), relu, maker(BatchNorm, "batchNorm(momentum=1)", momentum=1.0), dense(4), sigmoid, batch_norm, dense(1)]),
    ("softmaxCrossEntropy", [dense(3), batch_norm]),
    ("softmaxCrossEntropy", [dense(8), layer_norm, relu, dense(3)]),
    ("squaredError", [layer_norm, dense(5), tanh, dense(1)]),
    ("softmaxCrossEntropy", [dense(6), maker(LayerNorm, "layerNorm(0.1)", eps=0.1), tanh, dense(3), layer_norm]),
    ("softmaxCrossEntropy", [dense(8), prelu, dense(5), maker(Prelu, shared=True), dense(3)]),
    ("squaredError", [maker(Prelu, shared=True), dense(4), prelu, dense(1), prelu]),
    ("softmaxCrossEntropy", [dense(8), maker(Maxout, 2), dense(9), maker(Maxout, 3)]),
    ("sigmoidCrossEntropy", [maker(Maxout, 2), dense(8), maker(Maxout, 4), dense(1)]),
    ("softmaxCrossEntropy", [residual(dense(5), tanh, dense(6)), dense(3)]),
    ("softmaxCrossEntropy", [dense(3), tanh, residual(dense(5), relu, dense(3))]),
    ("squaredError", [dense(5), residual(tanh), residual(batch_norm, relu, dense(4), residual(layer_norm, prelu, dense(4)), batch_norm, relu, dense(5)), dense(1)]),
    ("softmaxCrossEntropy", [maker(Standardize), dense(6), relu, dense(3)]),
    ("softmaxCrossEntropy", [maker(Standardize), residual(dense(12), maker(Maxout, 2), batch_norm), layer_norm, prelu, dense(3)]),
]  # fmt: skip


def loss_sum(name, logits, targets):
    if name == "softmaxCrossEntropy":
        return nn.functional.cross_entropy(logits, targets.long(), reduction="sum")
    if name == "sigmoidCrossEntropy":
        return nn.functional.binary_cross_entropy_with_logits(logits[:, 0], targets, reduction="sum")
    return nn.functional.mse_loss(logits[:, 0], targets, reduction="sum")


def values(name, tensor):
    """In our layout: PyTorch's weights are (outputs, inputs), ours (inputs, outputs)."""
    return numbers(tensor.T if name.endswith("weight") else tensor)


def network(loss, makers, features, targets):
    chain = Chain(INPUTS, makers)
    assert chain.outputs == (3 if loss == "softmaxCrossEntropy" else 1), chain.spec
    blocks = chain.blocks()
    parameters = [x for name, block in blocks.items() for x in values(name, block)]
    with torch.no_grad():
        inference = numbers(chain.eval()(features))
    logits = chain.train()(features)
    total = loss_sum(loss, logits, targets)
    total.backward()
    trained = {name: block for name, block in blocks.items() if isinstance(block, nn.Parameter)}
    return {
        "layers": chain.spec,
        "loss": loss,
        "parameters": parameters,
        "inferenceLogits": inference,
        "logits": numbers(logits),
        "lossSum": total.item(),
        "gradients": {name: values(name, block.grad) for name, block in trained.items()},
        "statisticsAfter": {name: numbers(block) for name, block in blocks.items() if name not in trained},
    }


def main():
    # columns of very different spread and place, as raw features have
    features = normal((ROWS, INPUTS), 0, 1) * 2.0 ** torch.arange(-1, INPUTS - 1) / 4 + torch.arange(INPUTS) / 2
    features = features.to(torch.float32).to(torch.float64)
    targets = {
        "softmaxCrossEntropy": torch.tensor(rng.integers(0, 3, ROWS).astype(np.float64)),
        "sigmoidCrossEntropy": torch.tensor(rng.integers(0, 2, ROWS).astype(np.float64)),
        "squaredError": normal(ROWS, 0, 1),
    }
    times = torch.tensor(WEIGHTS)
    golden = {
        "generator": f"src/test/python/golden_layers.py, seed {SEED}, torch {torch.__version__}, numpy {np.__version__}",
        "rows": ROWS,
        "inputs": INPUTS,
        "features": numbers(features),
        "weights": WEIGHTS,
        "targets": {name: numbers(values) for name, values in targets.items()},
        "networks": [
            network(loss, makers, features.repeat_interleave(times, 0), targets[loss].repeat_interleave(times))
            for loss, makers in CASES
        ],
    }
    # one line for each list of numbers: a change of one shows as one line
    text = json.dumps(golden, indent=1)
    text = re.sub(r"\[[-+0-9.e,\s]*\]", lambda m: "".join(m.group().split()).replace(",", ", "), text)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


main()
