"""Writes src/test/resources/golden/sparse.json: torch.nn.Embedding(sparse=True) with SparseAdam, SGD and Adagrad, in float64.

    pip install torch numpy
    python3 src/test/python/golden_sparse.py

Run by hand, never by Maven; GoldenSparseTest reads the file. As in golden.py everything random comes from SEED, and all that
both sides start from is rounded to float32 first.

Each step has a batch of its own, which lacks most of the table's rows. A batch is rows of (inputs, values); PyTorch takes
them as bags of a sum (embedding_bag), which are a sparse row of inputs times weights. So the same table is a dense first
layer over sparse rows, to which the bias is added, or an embed layer, to which it is not. SparseAdam takes sparse gradients
only, so the other parameters' gradients are made sparse, as they are.
"""

import json
import pathlib
import re

import numpy as np
import torch
from torch import nn

SEED = 20261130
INPUTS, ROWS, STORED, STEPS, OUTPUTS = 60, 6, 3, 8, 2
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "sparse.json"

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(SEED)


def normal(shape, deviation=1.0):
    return torch.tensor(rng.normal(0, deviation, shape).astype(np.float32).astype(np.float64))


def numbers(values):
    return [float(f"{x:.9g}") for x in values.detach().reshape(-1).tolist()]


OPTIMIZERS = {
    "lazyAdam": (0.05, lambda p, r: torch.optim.SparseAdam(p, lr=r)),
    "lazyAdam(beta1=0.6, beta2=0.9, epsilon=1e-3)": (
        0.05,
        lambda p, r: torch.optim.SparseAdam(p, lr=r, betas=(0.6, 0.9), eps=1e-3),
    ),
    "sgd": (0.3, lambda p, r: torch.optim.SGD(p, lr=r)),
    "adagrad": (0.1, lambda p, r: torch.optim.Adagrad(p, lr=r)),
}


def case(optimizer, biased):
    width = 4 if biased else 3
    rate, make = OPTIMIZERS[optimizer]
    table = nn.EmbeddingBag(INPUTS, width, mode="sum", sparse=True)
    table.weight.data = normal((INPUTS, width))
    bias = nn.Parameter(normal(width, 0.4)) if biased else None
    second = nn.Linear(width, OUTPUTS)
    second.weight.data, second.bias.data = normal((OUTPUTS, width)), normal(OUTPUTS, 0.4)
    own = [p for p in (bias, second.weight, second.bias) if p is not None]

    def flat():
        first = [table.weight] + ([bias] if biased else [])
        return [x for p in first + [second.weight.T, second.bias] for x in numbers(p)]

    start = flat()
    stepper = make([table.weight, *own], rate)
    batches, losses = [], []
    for _ in range(STEPS):
        inputs = np.stack([np.sort(rng.choice(INPUTS, STORED, replace=False)) for _ in range(ROWS)])
        if not biased:
            inputs[:, 1:] = inputs[:, :1]  # one-hot rows: their values add up
        values = normal((ROWS, STORED)) if biased else torch.full((ROWS, STORED), 1.0) * torch.tensor([1.0, 0, 0])
        labels = torch.tensor(rng.integers(0, OUTPUTS, ROWS))
        stepper.zero_grad()
        hidden = table(torch.tensor(inputs), per_sample_weights=values)
        hidden = torch.tanh(hidden + bias) if biased else hidden
        loss = nn.functional.cross_entropy(second(hidden), labels)
        loss.backward()
        if isinstance(stepper, torch.optim.SparseAdam):
            for p in own:
                p.grad = p.grad.to_sparse(1)
        stepper.step()
        losses.append(loss.item())
        batches.append({"inputs": inputs.reshape(-1).tolist(), "values": numbers(values), "labels": labels.tolist()})
    return {
        "optimizer": optimizer,
        "learningRate": rate,
        "layers": f"dense({width}) tanh dense({OUTPUTS})"
        if biased
        else f"embed(dim={width}, starts=[0], widths=[{INPUTS}]) dense({OUTPUTS})",
        "parameters": start,
        "batches": batches,
        "losses": losses,
        "parametersAfter": flat(),
    }


def main():
    golden = {
        "generator": f"src/test/python/golden_sparse.py, seed {SEED}, torch {torch.__version__}, numpy {np.__version__}",
        "inputs": INPUTS,
        "rows": ROWS,
        "cases": [case(optimizer, biased) for optimizer in OPTIMIZERS for biased in (True, False)],
    }
    text = json.dumps(golden, indent=1)
    text = re.sub(r"\[\n[-+0-9.e,\s]*\]", lambda m: "".join(m.group().split()).replace(",", ", "), text)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


main()
