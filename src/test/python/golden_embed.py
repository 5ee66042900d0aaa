"""Writes src/test/resources/golden/embed.json: networks with torch.nn.Embedding, and some steps of Adam, in float64.

    pip install torch numpy
    python3 src/test/python/golden_embed.py

Run by hand, never by Maven; GoldenEmbedTest reads the file. As in golden.py everything random comes from SEED, and all that
both sides start from is rounded to float32 first.

A table's columns are numbers (width 1) and categories (their number). A row has a value for each column: the number, or the
index of the category, -1 for none. Categories that are not embedded are one-hot; none is a row of zeros, for which PyTorch
has padding_idx. Weights are whole numbers, and PyTorch sees each row so many times.
"""

import json
import pathlib
import re

import numpy as np
import torch
from torch import nn

SEED = 20261129
ROWS, STEPS, RATE = 24, 6, 0.05
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "embed.json"

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(SEED)


def normal(shape, deviation=1.0):
    """Values that float32 holds exactly, as float64."""
    return torch.tensor(rng.normal(0, deviation, shape).astype(np.float32).astype(np.float64))


def numbers(values):
    """A flat list, short in JSON: nine digits name a float32 exactly."""
    return [float(f"{x:.9g}") for x in values.detach().reshape(-1).tolist()]


# (loss, columns, dim, oneHotUpTo, standardize, hidden units, optimizer)
CASES = [
    ("softmaxCrossEntropy", [1, 12, 1, 3, 40], 4, 9, False, 7, "adam"),
    ("squaredError", [15, 1, 1, 10, 2], 8, 9, True, 6, "adam"),
    ("sigmoidCrossEntropy", [5, 4, 300, 1], 3, 4, False, 5, "adamw(weightDecay=0.1)"),
    ("softmaxCrossEntropy", [30], 2, 9, False, 0, "adam"),
]


class Table(nn.Module):
    """The rows as a network's first layers see them."""

    def __init__(self, columns, dim, up_to, standardize):
        super().__init__()
        self.columns = columns
        # one row more, for no category: PyTorch keeps it at zero
        self.tables = nn.ModuleDict(
            {str(i): nn.Embedding(width + 1, dim, padding_idx=width) for i, width in enumerate(columns) if width > up_to}
        )
        for table in self.tables.values():
            table.weight.data[:-1] = normal((table.num_embeddings - 1, dim))
        self.outputs = sum(dim if str(i) in self.tables else width for i, width in enumerate(columns))
        self.standardize = standardize
        self.means, self.deviations = torch.zeros(self.outputs), torch.ones(self.outputs)

    def forward(self, rows):
        out = []
        for i, width in enumerate(self.columns):
            if width == 1:
                out.append(rows[:, i : i + 1])
                continue
            index = torch.where(rows[:, i] < 0, width, rows[:, i]).long()
            if str(i) in self.tables:
                out.append(self.tables[str(i)](index))
            else:
                out.append(nn.functional.one_hot(index, width + 1)[:, :width].double())
        return (torch.cat(out, 1) - self.means) / self.deviations

    def measure(self, rows):
        """Means and population deviations of the numbers; categories stay as they are."""
        at = 0
        for i, width in enumerate(self.columns):
            if width == 1:
                self.means[at] = rows[:, i].mean().float().double()
                self.deviations[at] = rows[:, i].std(correction=0).float().double()
            at += self.tables[str(i)].embedding_dim if str(i) in self.tables else width


def loss_mean(name, logits, targets):
    if name == "softmaxCrossEntropy":
        return nn.functional.cross_entropy(logits, targets.long())
    if name == "sigmoidCrossEntropy":
        return nn.functional.binary_cross_entropy_with_logits(logits[:, 0], targets)
    return nn.functional.mse_loss(logits[:, 0], targets)


def linear(inputs, units):
    layer = nn.Linear(inputs, units)
    layer.weight.data = normal(layer.weight.shape, 1.2 / np.sqrt(inputs))
    layer.bias.data = normal(units, 0.4)
    return layer


def parameters(table, dense, of=lambda parameter: parameter):
    """In our layout: embeddings, means and deviations, then (inputs, outputs) of weights and the bias of each layer."""
    flat = [x for each in table.tables.values() for x in numbers(of(each.weight)[:-1])]
    if table.standardize:
        flat += numbers(table.means) + numbers(table.deviations)
    for layer in dense:
        flat += numbers(of(layer.weight).T) + numbers(of(layer.bias))
    return flat


def case(loss, columns, dim, up_to, standardize, hidden, optimizer):
    rows = torch.stack(
        [
            normal(ROWS, 1.5) + 0.5 if width == 1 else torch.tensor(rng.integers(-1, width, ROWS).astype(np.float64))
            for width in columns
        ],
        1,
    ).to(torch.float32).to(torch.float64)
    rows[0], rows[1] = rows[2].clone(), rows[2].clone()  # one category in several rows
    outputs = 3 if loss == "softmaxCrossEntropy" else 1
    targets = normal(ROWS) if loss == "squaredError" else torch.tensor(rng.integers(0, max(2, outputs), ROWS) * 1.0)
    times = torch.tensor(rng.integers(0, 4, ROWS))
    table = Table(columns, dim, up_to, standardize)
    seen, wanted = rows.repeat_interleave(times, 0), targets.repeat_interleave(times)
    if standardize:
        table.measure(seen)
    dense = [linear(table.outputs, hidden), linear(hidden, outputs)] if hidden else [linear(table.outputs, outputs)]
    network = nn.Sequential(table, *([dense[0], nn.Tanh(), dense[1]] if hidden else dense))
    first = parameters(table, dense)
    logits = network(rows)
    total = loss_mean(loss, network(seen), wanted) * len(seen)
    total.backward()
    gradient = parameters(table, dense, lambda parameter: parameter.grad)
    decay = 0.1 if optimizer.startswith("adamw") else 0.0  # of weights and embeddings, not of biases
    biases = [layer.bias for layer in dense]
    weights = [each for each in network.parameters() if all(each is not bias for bias in biases)]
    groups = [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}]
    step = torch.optim.AdamW(groups, RATE)  # Adam, where nothing decays
    losses = []
    for _ in range(STEPS):
        step.zero_grad()
        mean = loss_mean(loss, network(seen), wanted)
        mean.backward()
        step.step()
        losses.append(mean.item())
    return {
        "loss": loss,
        "embedding": f"embed(dim={dim}, oneHotUpTo={up_to})",
        "columns": columns,
        "layers": ("standardize " if standardize else "")
        + (f"dense({hidden}) tanh " if hidden else "")
        + f"dense({outputs})",
        "optimizer": optimizer,
        "rows": numbers(rows),
        "targets": numbers(targets),
        "weights": times.tolist(),
        "parameters": first,
        "logits": numbers(logits),
        "lossSum": total.item(),
        "gradient": gradient,
        "losses": losses,
        "parametersAfter": parameters(table, dense),
    }


def main():
    golden = {
        "generator": f"src/test/python/golden_embed.py, seed {SEED}, torch {torch.__version__}, numpy {np.__version__}",
        "learningRate": RATE,
        "cases": [case(*each) for each in CASES],
    }
    # one line for each list of numbers: a change of one shows as one line
    text = json.dumps(golden, indent=1)
    text = re.sub(r"\[[-+0-9.e,\s]*\]", lambda m: "".join(m.group().split()).replace(",", ", "), text)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


main()
