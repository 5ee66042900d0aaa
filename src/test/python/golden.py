"""Writes src/test/resources/golden/mlp.json: what PyTorch computes for small networks, in float64.

    pip install torch numpy
    python3 src/test/python/golden.py

Run by hand, never by Maven; GoldenTest reads the file. Everything random comes from SEED, and all that both sides start
from (rows, weights, parameters, states) is rounded to float32 first, so that what the test measures is the error of our
float32 arithmetic and nothing else. On another version of PyTorch or NumPy the numbers may differ in the last digits.

Layout: parameters are one flat list, layer by layer: weight (inputs, outputs) row-major, then bias. PyTorch's weight is
(outputs, inputs), hence the transpositions here.
"""

import json
import pathlib
import re

import numpy as np
import torch
from torch import nn

SEED = 20240607
ROWS, INPUTS, HIDDEN = 24, 7, (16, 8)
STEPS = 10
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "mlp.json"

ACTIVATIONS = {"relu": nn.ReLU, "leakyRelu": nn.LeakyReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
LOSSES = {"softmaxCrossEntropy": 3, "sigmoidCrossEntropy": 1, "squaredError": 1}  # name: outputs

# The networks that are also trained; one for each loss and for each smooth or kinked kind of activation.
TRAINED = {("relu", "softmaxCrossEntropy"), ("sigmoid", "sigmoidCrossEntropy"), ("tanh", "squaredError")}

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(SEED)


def float32(values):
    """Values that float32 holds exactly, as float64."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def numbers(values, digits=9):
    """A flat list, short in JSON: nine digits name a float32 exactly."""
    if isinstance(values, torch.Tensor):
        values = values.detach().numpy()
    return [float(f"{x:.{digits}g}") for x in np.ravel(values)]


def ours(module, name, tensor):
    return tensor.T if name.endswith("weight") else tensor


def flat(model, of=lambda p: p.detach()):
    return torch.cat([ours(model, name, of(p)).reshape(-1) for name, p in model.named_parameters()])


def network(activation, outputs):
    gain = 3.5 if activation == "sigmoid" else 1.2  # wide enough for gradients to differ much
    widths = [INPUTS, *HIDDEN, outputs]
    layers = []
    for i in range(len(widths) - 1):
        dense = nn.Linear(widths[i], widths[i + 1])
        with torch.no_grad():
            dense.weight.copy_(torch.tensor(float32(rng.normal(0, gain / np.sqrt(widths[i]), dense.weight.shape))))
            dense.bias.copy_(torch.tensor(float32(rng.normal(0, 0.3, dense.bias.shape))))
        layers += [dense, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def loss_sum(name, logits, targets, weights):
    if name == "softmaxCrossEntropy":
        rows = nn.functional.cross_entropy(logits, targets.long(), reduction="none")
    elif name == "sigmoidCrossEntropy":
        rows = nn.functional.binary_cross_entropy_with_logits(logits[:, 0], targets, reduction="none")
    else:
        rows = nn.functional.mse_loss(logits[:, 0], targets, reduction="none")
    return (weights * rows).sum()


def factor(schedule, step):
    """Schedules of these runs; table() has the rest."""
    if schedule == "constant":
        return 1.0
    return warmup(step, STEPS, 3, lambda t, last: cosine(t, last, 0, 0.1))


def run(model, loss, data, optimizer, rate, l1=0.0, l2=0.0, decay=0.0, norm=None, schedule="constant"):
    """Ten full-batch steps. `decay` is PyTorch's own weight_decay, which must be the same as l2 where nothing clips."""
    features, targets, weights = data
    start = [p.detach().clone() for p in model.parameters()]
    groups = [
        {"params": [p for n, p in model.named_parameters() if n.endswith("weight")], "weight_decay": decay},
        {"params": [p for n, p in model.named_parameters() if n.endswith("bias")]},
    ]
    spec, make = optimizer
    stepper = make(groups, rate)
    losses = []
    for step in range(STEPS):
        stepper.zero_grad()
        mean = loss_sum(loss, model(features), targets, weights) / weights.sum()
        losses.append(mean.item())
        penalty = sum(l1 * w.abs().sum() + l2 / 2 * (w * w).sum() for w in groups[0]["params"])
        (mean + penalty).backward()
        if norm is not None:
            # not clip_grad_norm_, which adds 1e-6 to the norm
            actual = torch.sqrt(sum((p.grad * p.grad).sum() for p in model.parameters()))
            for p in model.parameters():
                p.grad *= min(1.0, norm / actual.item())
        for group in stepper.param_groups:
            group["lr"] = rate * factor(schedule, step)
        stepper.step()
    result = {
        "optimizer": spec,
        "learningRate": rate,
        "l1": l1,
        "l2": l2 + decay,
        "clip": "none" if norm is None else f"globalNorm({norm})",
        "schedule": schedule,
        "losses": numbers(losses),
        "parameters": numbers(flat(model)),
    }
    with torch.no_grad():
        for p, q in zip(model.parameters(), start):
            p.copy_(q)
    return result


SGD = ("sgd", lambda groups, rate: torch.optim.SGD(groups, lr=rate))
MOMENTUM = ("momentum(momentum=0.9)", lambda groups, rate: torch.optim.SGD(groups, lr=rate, momentum=0.9))
NESTEROV = (
    "nesterov(momentum=0.9)",
    lambda groups, rate: torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True),
)
ADAM = ("adam(beta1=0.9, beta2=0.999, epsilon=1e-8)", lambda groups, rate: torch.optim.Adam(groups, lr=rate))
ADAM_FAST = (
    "adam(beta1=0.5, beta2=0.9, epsilon=1e-3)",
    lambda groups, rate: torch.optim.Adam(groups, lr=rate, betas=(0.5, 0.9), eps=1e-3),
)


def runs(model, loss, data):
    return [
        run(model, loss, data, SGD, 0.1),
        run(model, loss, data, MOMENTUM, 0.05),
        run(model, loss, data, NESTEROV, 0.05),
        run(model, loss, data, ADAM, 0.02),
        run(model, loss, data, SGD, 0.1, decay=0.1),
        run(model, loss, data, MOMENTUM, 0.05, l1=0.02),
        run(model, loss, data, SGD, 0.2, norm=0.05),
        run(
            model, loss, data, ADAM_FAST, 0.02, l1=0.01, l2=0.03, norm=0.2,
            schedule="warmup(3, then=cosine(steps=0, floor=0.1))",
        ),
    ]  # fmt: skip


def networks(features, targets, weights):
    result = []
    for activation in ACTIVATIONS:
        for loss, outputs in LOSSES.items():
            model = network(activation, outputs)
            data = (features, targets[loss], weights)
            start = numbers(flat(model))
            logits = model(features)
            total = loss_sum(loss, logits, targets[loss], weights)
            total.backward()
            names = [
                f"dense{1 + i // 2}.{kind}" for i in range(len(model)) if i % 2 == 0 for kind in ("weight", "bias")
            ]
            gradients = {
                ours_: numbers(ours(model, name, p.grad))
                for ours_, (name, p) in zip(names, model.named_parameters())
            }
            widths = [*HIDDEN, outputs]
            result.append(
                {
                    "layers": f" {activation} ".join(f"dense({width})" for width in widths),
                    "loss": loss,
                    "parameters": start,
                    "logits": numbers(logits),
                    "lossSum": total.item(),
                    "gradients": gradients,
                    "runs": runs(model, loss, data) if (activation, loss) in TRAINED else [],
                }
            )
    return result


def random_steps():
    """One step from a random state late in a run, where a wrong bias correction or a forgotten slot shows."""
    n = 12
    result = []
    for (spec, make), names in [
        (SGD, []),
        (MOMENTUM, ["v"]),
        (NESTEROV, ["v"]),
        (ADAM, ["m", "v"]),
        (ADAM_FAST, ["m", "v"]),
    ]:
        for t in (1, 10, 1000):
            gradient = float32(rng.normal(size=n) * 10.0 ** rng.integers(-3, 2, n))
            parameters = float32(rng.normal(size=n))
            slots = {name: float32(rng.normal(size=n)) for name in names}
            if "m" in slots:
                slots["v"] = float32(np.square(slots["v"]))  # a second moment is not negative
            p = nn.Parameter(torch.tensor(parameters))
            p.grad = torch.tensor(gradient)
            rate = 0.05
            stepper = make([{"params": [p]}], rate)
            torch_names = {"v": "momentum_buffer"} if names == ["v"] else {"m": "exp_avg", "v": "exp_avg_sq"}
            for name in names:
                stepper.state[p][torch_names[name]] = torch.tensor(slots[name])
            if "m" in slots:
                stepper.state[p]["step"] = torch.tensor(float(t - 1))
            stepper.step()
            result.append(
                {
                    "optimizer": spec,
                    "rate": rate,
                    "t": t,
                    "gradient": numbers(gradient),
                    "parameters": numbers(parameters),
                    "slots": {name: numbers(slots[name]) for name in names},
                    "parametersAfter": numbers(p),
                    "slotsAfter": {name: numbers(stepper.state[p][torch_names[name]]) for name in names},
                }
            )
    return result


def cosine(step, last, steps, floor):
    """Loshchilov and Hutter 2017, equation 5, without restarts, with rates from 1 to floor."""
    length = last if steps == 0 else steps
    t = min(step, length)
    return floor if t == length else floor + 0.5 * (1 - floor) * (1 + np.cos(t / length * np.pi))


def warmup(step, last, steps, then):
    return (step + 1) / steps if step < steps else then(step - steps, max(0, last - steps))


def table():
    constant = lambda t, last: 1.0
    cases = [
        ("constant", constant, 10),
        ("cosine", lambda t, last: cosine(t, last, 0, 0), 20),
        ("cosine(steps=8, floor=0.1)", lambda t, last: cosine(t, last, 8, 0.1), 20),
        ("cosine(steps=0, floor=1)", lambda t, last: cosine(t, last, 0, 1), 20),
        ("cosine(steps=1, floor=0.25)", lambda t, last: cosine(t, last, 1, 0.25), 20),
        ("warmup(4)", lambda t, last: warmup(t, last, 4, constant), 20),
        ("warmup(1)", lambda t, last: warmup(t, last, 1, constant), 20),
        (
            "warmup(5, then=cosine(floor=0.05))",
            lambda t, last: warmup(t, last, 5, lambda u, rest: cosine(u, rest, 0, 0.05)),
            20,
        ),
        (
            "warmup(5, then=cosine(steps=6, floor=0.05))",
            lambda t, last: warmup(t, last, 5, lambda u, rest: cosine(u, rest, 6, 0.05)),
            20,
        ),
        # a warm-up longer than the run: what follows has no steps left, and is at its floor
        ("warmup(30, then=cosine(floor=0.5))", lambda t, last: warmup(t, last, 30, lambda u, rest: cosine(u, rest, 0, 0.5)), 20),
        (
            "warmup(3, then=warmup(4, then=cosine(steps=0, floor=0.2)))",
            lambda t, last: warmup(
                t, last, 3, lambda u, rest: warmup(u, rest, 4, lambda w, left: cosine(w, left, 0, 0.2))
            ),
            20,
        ),
    ]  # fmt: skip
    steps = [*range(0, 22), 29, 30, 1_000_000_000_000]
    return [
        {"schedule": spec, "last": last, "steps": steps, "factors": [float(f(step, last)) for step in steps]}
        for spec, f, last in cases
    ]


def main():
    features = torch.tensor(float32(rng.normal(size=(ROWS, INPUTS))))
    weights = float32(rng.uniform(0.2, 3, ROWS))
    weights[3], weights[7] = 0, 1
    targets = {
        "softmaxCrossEntropy": torch.tensor(rng.integers(0, 3, ROWS).astype(np.float64)),
        "sigmoidCrossEntropy": torch.tensor(rng.integers(0, 2, ROWS).astype(np.float64)),
        "squaredError": torch.tensor(float32(rng.normal(size=ROWS))),
    }
    golden = {
        "generator": f"src/test/python/golden.py, seed {SEED}, torch {torch.__version__}, numpy {np.__version__}",
        "rows": ROWS,
        "inputs": INPUTS,
        "features": numbers(features),
        "weights": numbers(weights),
        "targets": {name: numbers(values) for name, values in targets.items()},
        "networks": networks(features, targets, torch.tensor(weights)),
        "steps": random_steps(),
        "schedules": table(),
    }
    # one line for each list of numbers: a change of one shows as one line
    text = json.dumps(golden, indent=1)
    text = re.sub(r"\[[-+0-9.e,\s]*\]", lambda m: "".join(m.group().split()).replace(",", ", "), text)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


main()
