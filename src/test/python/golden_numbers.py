"""Writes src/test/resources/golden/numbers.json: networks that embed numbers, and 20 steps of Adam, in PyTorch's float64.

    pip install torch numpy rtdl_num_embeddings
    python3 src/test/python/golden_numbers.py

Run by hand, never by Maven; GoldenNumbersTest reads the file. As in golden.py everything random comes from SEED, and all that
both sides start from is rounded to float32 first.

The modules are written from the papers' formulas with an nn.Linear for each number. Gorishniy et al. 2022, equation 2 and
section 3.3: periodic activations, linear, relu. Holzmueller et al. 2024, appendix A.1: [x, linear(cos(2 pi w x + b))]. Weights of rows are
whole numbers, and PyTorch sees each row so many times.
"""

import json
import math
import pathlib
import re

import numpy as np
import rtdl_num_embeddings
import torch
from torch import nn

SEED = 20261129
ROWS, STEPS, RATE = 24, 20, 0.01
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "numbers.json"

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(SEED)


def normal(shape, deviation=1.0):
    """Values that float32 holds exactly, as float64."""
    return torch.tensor(rng.normal(0, deviation, shape).astype(np.float32).astype(np.float64))


def numbers(values):
    """A flat list, short in JSON: nine digits name a float32 exactly."""
    return [float(f"{x:.9g}") for x in values.detach().reshape(-1).tolist()]


# (loss, kind, frequencies, dim, sigma, inputs that are numbers, inputs, standardize, hidden units, optimizer)
CASES = [
    ("softmaxCrossEntropy", "plr", 16, 8, 0.1, [0, 1, 2], 3, False, 7, "adam"),
    ("squaredError", "plr", 5, 3, 2.0, [1, 2, 5], 7, True, 6, "adam"),
    ("sigmoidCrossEntropy", "pbld", 16, 4, 0.1, [0, 2, 3], 4, True, 5, "adamw(weightDecay=0.1)"),
    ("squaredError", "pbld", 3, 2, 1.0, [0, 1], 3, False, 0, "adam"),
    ("softmaxCrossEntropy", "plr", 1, 1, 0.5, [3], 4, False, 4, "adamw(weightDecay=0.1)"),
]


def linear(inputs, units, deviation):
    layer = nn.Linear(inputs, units)
    layer.weight.data = normal(layer.weight.shape, deviation)
    layer.bias.data = normal(units, 0.4)
    return layer


class Numbers(nn.Module):
    """The embeddings of the numbers in their places among the other inputs."""

    def __init__(self, kind, frequencies, dim, sigma, places, inputs):
        super().__init__()
        self.kind, self.places, self.inputs = kind, places, inputs
        self.frequency = nn.Parameter(normal((len(places), frequencies), sigma))
        waves, units = (2 * frequencies, dim) if kind == "plr" else (frequencies, dim - 1)
        if kind == "pbld":
            self.phase = nn.Parameter(normal((len(places), frequencies), 1.5))
        self.linears = nn.ModuleList([linear(waves, units, 0.7) for _ in places])

    def forward(self, x):
        out = []
        for i in range(self.inputs):
            value = x[:, i : i + 1]
            if i not in self.places:
                out.append(value)
                continue
            j = self.places.index(i)
            angle = 2 * math.pi * self.frequency[j] * value
            if self.kind == "plr":
                out.append(torch.relu(self.linears[j](torch.cat([torch.cos(angle), torch.sin(angle)], 1))))
            else:
                out.append(torch.cat([value, self.linears[j](torch.cos(angle + self.phase[j]))], 1))
        return torch.cat(out, 1)

    def flat(self, of):
        """In our layout: frequencies, phases, weights (waves, numbers · units), biases."""
        parts = [of(self.frequency)] + ([of(self.phase)] if self.kind == "pbld" else [])
        parts.append(torch.cat([of(each.weight).T for each in self.linears], 1))
        parts.append(torch.cat([of(each.bias) for each in self.linears]))
        return [x for part in parts for x in numbers(part)]


def loss_mean(name, logits, targets):
    if name == "softmaxCrossEntropy":
        return nn.functional.cross_entropy(logits, targets.long())
    if name == "sigmoidCrossEntropy":
        return nn.functional.binary_cross_entropy_with_logits(logits[:, 0], targets)
    return nn.functional.mse_loss(logits[:, 0], targets)


def case(loss, kind, frequencies, dim, sigma, places, inputs, standardize, hidden, optimizer):
    flags = torch.tensor(rng.integers(0, 2, (ROWS, inputs)) * 1.0)
    rows = normal((ROWS, inputs), 1.5) + 0.5
    rows = torch.where(torch.tensor([i in places for i in range(inputs)]), rows, flags).float().double()
    outputs = 3 if loss == "softmaxCrossEntropy" else 1
    targets = normal(ROWS) if loss == "squaredError" else torch.tensor(rng.integers(0, max(2, outputs), ROWS) * 1.0)
    times = torch.tensor(rng.integers(0, 4, ROWS))
    seen, wanted = rows.repeat_interleave(times, 0), targets.repeat_interleave(times)
    means, deviations = torch.zeros(inputs), torch.ones(inputs)
    if standardize:  # numbers only: flags stay as they are
        means[places] = seen[:, places].mean(0).float().double()
        deviations[places] = seen[:, places].std(0, correction=0).float().double()
    embedding = Numbers(kind, frequencies, dim, sigma, places, inputs)
    width = inputs + len(places) * (dim - 1)
    scale = 1.2 / np.sqrt(width)
    dense = [linear(width, hidden, scale), linear(hidden, outputs, 0.5)] if hidden else [linear(width, outputs, scale)]
    network = nn.Sequential(embedding, *([dense[0], nn.Tanh(), dense[1]] if hidden else dense))

    def predict(x):
        return network((x - means) / deviations)

    def parameters(of=lambda parameter: parameter):
        flat = numbers(means) + numbers(deviations) if standardize else []
        flat += embedding.flat(of)
        for layer in dense:
            flat += numbers(of(layer.weight).T) + numbers(of(layer.bias))
        return flat

    first = parameters()
    logits = predict(rows)
    total = loss_mean(loss, predict(seen), wanted) * len(seen)
    total.backward()
    gradient = parameters(lambda parameter: parameter.grad)
    decay = 0.1 if optimizer.startswith("adamw") else 0.0  # of weights; not of biases, phases and frequencies
    weights = [parameter for name, parameter in network.named_parameters() if name.endswith("weight")]
    others = [parameter for name, parameter in network.named_parameters() if not name.endswith("weight")]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    step = torch.optim.AdamW(groups, RATE)  # Adam, where nothing decays
    losses = []
    for _ in range(STEPS):
        step.zero_grad()
        mean = loss_mean(loss, predict(seen), wanted)
        mean.backward()
        step.step()
        losses.append(mean.item())
    runs = [p for p in places if p - 1 not in places]
    widths = [next(n for n in range(1, inputs + 1) if p + n not in places) for p in runs]
    return {
        "loss": loss,
        "layers": ("standardize " if standardize else "")
        + f"{kind}(frequencies={frequencies}, dim={dim}, sigma={sigma}, starts=[{' '.join(map(str, runs))}],"
        + f" widths=[{' '.join(map(str, widths))}]) "
        + (f"dense({hidden}) tanh " if hidden else "")
        + f"dense({outputs})",
        "optimizer": optimizer,
        "inputs": inputs,
        "rows": numbers(rows),
        "targets": numbers(targets),
        "weights": times.tolist(),
        "parameters": first,
        "logits": numbers(logits),
        "lossSum": total.item(),
        "gradient": gradient,
        "losses": losses,
        "parametersAfter": parameters(),
    }


def encoding(rows, columns, bins):
    """The piecewise-linear encoding by the authors' own package, of the rows that made the bins and of others."""
    x = normal((rows, columns), 2.0)
    edges = rtdl_num_embeddings.compute_bins(x, n_bins=bins)
    others = torch.cat([normal((9, columns), 4.0), x[:3]])
    encoded = rtdl_num_embeddings.PiecewiseLinearEncoding(edges)(others.float())
    return {
        "columns": columns,
        "bins": bins,
        "rows": numbers(x),
        "edges": numbers(torch.stack(edges)),
        "others": numbers(others),
        "encoded": numbers(encoded),
    }


def main():
    golden = {
        "generator": f"src/test/python/golden_numbers.py, seed {SEED}, torch {torch.__version__}, numpy {np.__version__}",
        "learningRate": RATE,
        "cases": [case(*each) for each in CASES],
        "encodings": [encoding(*each) for each in [(50, 1, 4), (200, 3, 16), (31, 2, 2)]],
    }
    # one line for each list of numbers: a change of one shows as one line
    text = json.dumps(golden, indent=1)
    text = re.sub(r"\[\n[-+0-9.e,\s]*\]", lambda m: "".join(m.group().split()).replace(",", ", "), text)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


main()
