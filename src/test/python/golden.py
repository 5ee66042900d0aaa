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
    return warmup(step, STEPS, 3, lambda t, last: cosine(t, last, last, 0.1))


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2."""

    def __init__(self, groups, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(groups, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                update = torch.sign(b1 * m + (1 - b1) * p.grad)
                p.copy_(p - group["lr"] * (update + group["weight_decay"] * p))
                m.copy_(b2 * m + (1 - b2) * p.grad)


class Lamb(torch.optim.Optimizer):
    """You et al. 2020, algorithm 2, with phi(x) = x."""

    def __init__(self, groups, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        super().__init__(groups, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                state = self.state[p]
                t = state["step"] = state.get("step", torch.tensor(0.0)) + 1
                m = state.setdefault("exp_avg", torch.zeros_like(p))
                v = state.setdefault("exp_avg_sq", torch.zeros_like(p))
                m.copy_(b1 * m + (1 - b1) * p.grad)
                v.copy_(b2 * v + (1 - b2) * p.grad**2)
                ratio = (m / (1 - b1**t)) / (torch.sqrt(v / (1 - b2**t)) + group["eps"])
                update = ratio + group["weight_decay"] * p
                trust = p.norm() / update.norm() if p.norm() > 0 and update.norm() > 0 else 1.0
                p.copy_(p - group["lr"] * trust * update)


class Lars(torch.optim.Optimizer):
    """You et al. 2017, algorithm 1; groups without `adapt` take plain momentum."""

    def __init__(self, groups, lr, momentum=0.9, trust=0.001, weight_decay=0.0):
        super().__init__(groups, dict(lr=lr, momentum=momentum, trust=trust, weight_decay=weight_decay, adapt=True))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                v = self.state[p].setdefault("momentum_buffer", torch.zeros_like(p))
                local, decay = 1.0, 0.0
                if group["adapt"]:
                    decay = group["weight_decay"]
                    local = group["trust"] * p.norm() / (p.grad.norm() + decay * p.norm())
                v.copy_(group["momentum"] * v + group["lr"] * local * (p.grad + decay * p))
                p.copy_(p - v)


def run(model, loss, data, optimizer, rate, l1=0.0, l2=0.0, decay=0.0, norm=None, value=None, schedule="constant"):
    """Ten full-batch steps. `decay` is PyTorch's own weight_decay, which must be the same as l2 where nothing clips."""
    features, targets, weights = data
    start = [p.detach().clone() for p in model.parameters()]
    groups = [
        {"params": [p for n, p in model.named_parameters() if n.endswith("weight")]},
        {"params": [p for n, p in model.named_parameters() if n.endswith("bias")], "weight_decay": 0.0},
    ]
    if decay:
        groups[0]["weight_decay"] = decay
    if optimizer[0].startswith("lars"):
        groups[1]["adapt"] = False
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
        if value is not None:
            torch.nn.utils.clip_grad_value_(model.parameters(), value)
        for group in stepper.param_groups:
            group["lr"] = rate * factor(schedule, step)
        stepper.step()
    result = {
        "optimizer": spec,
        "learningRate": rate,
        "l1": l1,
        "l2": l2 + decay,
        "clip": clip(norm, value),
        "schedule": schedule,
        "losses": numbers(losses),
        "parameters": numbers(flat(model)),
    }
    with torch.no_grad():
        for p, q in zip(model.parameters(), start):
            p.copy_(q)
    return result


def clip(norm, value):
    if value is not None:
        return f"value({value})"
    return "none" if norm is None else f"globalNorm({norm})"


class LazyAdam(torch.optim.SparseAdam):
    """SparseAdam takes sparse gradients only; here all rows are in them."""

    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = p.grad.to_sparse(1)
        super().step(closure)


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

# What it is called here, how PyTorch makes it, and our names of PyTorch's state.
OTHERS = [
    (("adagrad", lambda g, r: torch.optim.Adagrad(g, lr=r)), {"s": "sum"}, 0.1),
    (("adadelta", lambda g, r: torch.optim.Adadelta(g, lr=r)), {"s": "square_avg", "u": "acc_delta"}, 1.0),
    (
        ("adadelta(rho=0.7, epsilon=1e-4)", lambda g, r: torch.optim.Adadelta(g, lr=r, rho=0.7, eps=1e-4)),
        {"s": "square_avg", "u": "acc_delta"},
        0.5,
    ),
    (("rmsprop", lambda g, r: torch.optim.RMSprop(g, lr=r)), {"s": "square_avg"}, 0.01),
    (
        (
            "rmsprop(alpha=0.9, momentum=0.5, centered=true)",
            lambda g, r: torch.optim.RMSprop(g, lr=r, alpha=0.9, momentum=0.5, centered=True),
        ),
        {"s": "square_avg", "v": "momentum_buffer", "a": "grad_avg"},
        0.01,
    ),
    (("adamax", lambda g, r: torch.optim.Adamax(g, lr=r)), {"m": "exp_avg", "u": "exp_inf"}, 0.02),
    (("nadam", lambda g, r: torch.optim.NAdam(g, lr=r)), {"m": "exp_avg", "v": "exp_avg_sq"}, 0.02),
    (
        ("amsgrad", lambda g, r: torch.optim.Adam(g, lr=r, amsgrad=True)),
        {"m": "exp_avg", "v": "exp_avg_sq", "w": "max_exp_avg_sq"},
        0.02,
    ),
    (("adamw", lambda g, r: torch.optim.AdamW(g, lr=r)), {"m": "exp_avg", "v": "exp_avg_sq"}, 0.02),
    (
        ("adamw(beta1=0.8, weightDecay=0.3)", lambda g, r: torch.optim.AdamW(g, lr=r, betas=(0.8, 0.999), weight_decay=0.3)),
        {"m": "exp_avg", "v": "exp_avg_sq"},
        0.02,
    ),
    (("lion", Lion), {"m": "exp_avg"}, 0.01),
    (("lion(weightDecay=0.2)", lambda g, r: Lion(g, r, weight_decay=0.2)), {"m": "exp_avg"}, 0.01),
    (("lamb", Lamb), {"m": "exp_avg", "v": "exp_avg_sq"}, 0.02),
    (("lars", Lars), {"v": "momentum_buffer"}, 0.2),
    (("lars(trust=0.01, weightDecay=0.1)", lambda g, r: Lars(g, r, trust=0.01, weight_decay=0.1)), {"v": "momentum_buffer"}, 0.2),
    (("lazyAdam", LazyAdam), {"m": "exp_avg", "v": "exp_avg_sq"}, 0.02),
    (
        ("lazyAdam(beta1=0.5, beta2=0.9, epsilon=1e-3)", lambda g, r: LazyAdam(g, r, betas=(0.5, 0.9), eps=1e-3)),
        {"m": "exp_avg", "v": "exp_avg_sq"},
        0.02,
    ),
]  # fmt: skip


def runs(model, loss, data, every):
    others = [run(model, loss, data, optimizer, rate) for optimizer, _, rate in OTHERS] if every else []
    return others + [
        run(model, loss, data, MOMENTUM, 0.05, value=0.01),
        run(model, loss, data, SGD, 0.1),
        run(model, loss, data, MOMENTUM, 0.05),
        run(model, loss, data, NESTEROV, 0.05),
        run(model, loss, data, ADAM, 0.02),
        run(model, loss, data, SGD, 0.1, decay=0.1),
        run(model, loss, data, MOMENTUM, 0.05, l1=0.02),
        run(model, loss, data, SGD, 0.2, norm=0.05),
        run(
            model, loss, data, ADAM_FAST, 0.02, l1=0.01, l2=0.03, norm=0.2,
            schedule="warmup(steps(3), then=cosine(floor=0.1))",
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
                    "runs": runs(model, loss, data, activation == "tanh") if (activation, loss) in TRAINED else [],
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
        *[(optimizer, names) for optimizer, names, _ in OTHERS],
    ]:
        for t in (1, 10, 1000):
            gradient = float32(rng.normal(size=n) * 10.0 ** rng.integers(-3, 2, n))
            parameters = float32(rng.normal(size=n))
            slots = {name: float32(rng.normal(size=n)) for name in names}
            for name in set(slots) & set("suvw") if isinstance(names, dict) or "m" in slots else []:
                if names != {"v": "momentum_buffer"} and (name, "a") != ("v", [*slots][-1]):
                    slots[name] = float32(np.square(slots[name]))  # a second moment is not negative
            if "a" in slots:
                slots["s"] = float32(slots["s"] + np.square(slots["a"]))  # nor is a variance
            p = nn.Parameter(torch.tensor(parameters))
            p.grad = torch.tensor(gradient)
            rate = 0.05
            stepper = make([{"params": [p]}], rate)
            torch_names = {"v": "momentum_buffer"} if names == ["v"] else {"m": "exp_avg", "v": "exp_avg_sq"}
            if isinstance(names, dict):
                torch_names = names
            for name in names:
                stepper.state[p][torch_names[name]] = torch.tensor(slots[name])
            stepper.state[p]["step"] = torch.tensor(float(t - 1))
            if spec == "nadam":
                momenta = [0.9 * (1 - 0.5 * 0.96 ** (i * 0.004)) for i in range(1, t)]
                stepper.state[p]["mu_product"] = torch.tensor(float(np.prod(momenta)))
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


def cosine(step, last, length, floor):
    """Loshchilov and Hutter 2017, equation 5, without restarts, with rates from 1 to floor."""
    t = min(step, length)
    return floor if t == length else floor + 0.5 * (1 - floor) * (1 + np.cos(t / length * np.pi))


def warmup(step, last, length, then):
    return (step + 1) / length if step < length else then(step - length, max(0, last - length))


def torchs(make, steps=24):
    """The factors that a scheduler of PyTorch's gives at steps 0, 1, ..."""
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    factors = []
    for _ in range(steps):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return factors


def restarts(t, period, growth, shrink, floor):
    """Keras' CosineDecayRestarts, found by walking."""
    height = 1.0
    while t >= period:
        t, period, height = t - period, period * growth, height * shrink
    return floor + (1 - floor) * height * 0.5 * (1 + np.cos(np.pi * t / period))


def coslog(t, length, cycles):
    """coslog of RealMLP (Holzmüller et al. 2024), held at its end."""
    return 0.5 * (1 - np.cos(2 * np.pi * np.log2(1 + (2**cycles - 1) * min(1, t / length))))


def flat_cosine(t, length, flat):
    """flat-cos of RealMLP (Holzmüller et al. 2024), held at its end."""
    return 0.5 * (1 + np.cos(np.pi * (max(flat, min(1, t / length)) - flat) / (1 - flat)))


def table():
    """Schedule, steps of an epoch, steps of the run, and either a function of step and last or a list of factors."""
    lr = torch.optim.lr_scheduler
    constant = lambda t, last: 1.0
    cases = [
        ("constant", 3, 10, constant),
        ("stepDecay(steps(4))", 3, 20, torchs(lambda o: lr.StepLR(o, 4))),
        ("stepDecay(epochs(2), factor=0.5)", 3, 20, torchs(lambda o: lr.StepLR(o, 6, 0.5))),
        ("stepDecay(epochs(0.5), factor=0.5)", 6, 20, torchs(lambda o: lr.StepLR(o, 3, 0.5))),
        ("exponential(steps(1), factor=0.9)", 3, 20, torchs(lambda o: lr.ExponentialLR(o, 0.9))),
        ("exponential(epochs(2))", 5, 20, lambda t, last: 0.1 ** (t / 10)),
        ("exponential(rest, factor=0.01)", 5, 20, lambda t, last: 0.01 ** (t / 20)),
        ("inverseTime(steps(5))", 5, 20, lambda t, last: 1 / (1 + t / 5)),
        ("inverseTime(epochs(1), decay=0.5)", 4, 20, lambda t, last: 1 / (1 + 0.5 * t / 4)),
        ("polynomial(length=steps(10))", 3, 20, torchs(lambda o: lr.PolynomialLR(o, 10, 1.0))),
        ("polynomial(length=steps(10), power=2)", 3, 20, torchs(lambda o: lr.PolynomialLR(o, 10, 2.0))),
        ("polynomial(power=0.5, floor=0.1)", 3, 20, lambda t, last: 0.1 + 0.9 * max(0, 1 - t / 20) ** 0.5),
        ("cosine", 3, 20, torchs(lambda o: lr.CosineAnnealingLR(o, 20), 21)),
        ("cosine", 3, 20, lambda t, last: cosine(t, last, last, 0)),
        ("cosine(length=steps(8), floor=0.1)", 3, 20, lambda t, last: cosine(t, last, 8, 0.1)),
        ("cosine(length=epochs(2.5), floor=0.1)", 4, 20, lambda t, last: cosine(t, last, 10, 0.1)),
        ("cosine(floor=1)", 3, 20, lambda t, last: cosine(t, last, last, 1)),
        ("cosine(length=steps(1), floor=0.25)", 3, 20, lambda t, last: cosine(t, last, 1, 0.25)),
        ("cosLog", 3, 20, lambda t, last: coslog(t, last, 4)),
        ("cosLog(length=epochs(2), cycles=3)", 4, 20, lambda t, last: coslog(t, 8, 3)),
        ("flatCosine", 3, 20, lambda t, last: flat_cosine(t, last, 0.5)),
        ("flatCosine(length=epochs(2), flat=0.25)", 4, 20, lambda t, last: flat_cosine(t, 8, 0.25)),
        ("cosineRestarts(steps(5))", 3, 20, torchs(lambda o: lr.CosineAnnealingWarmRestarts(o, 5))),
        (
            "cosineRestarts(epochs(1), growth=2, floor=0.05)",
            3,
            20,
            torchs(lambda o: lr.CosineAnnealingWarmRestarts(o, 3, 2, 0.05)),
        ),
        (
            "cosineRestarts(steps(4), growth=1.5, shrink=0.8, floor=0.01)",
            3,
            20,
            lambda t, last: restarts(t, 4.0, 1.5, 0.8, 0.01),
        ),
        ("cosineRestarts(steps(4), shrink=0.5)", 3, 20, lambda t, last: restarts(t, 4.0, 1.0, 0.5, 0.0)),
        ("oneCycle", 3, 20, torchs(lambda o: lr.OneCycleLR(o, 1.0, total_steps=20), 20)),
        (
            "oneCycle(length=steps(10), warm=0.5, start=0.1, floor=0.001)",
            3,
            20,
            torchs(lambda o: lr.OneCycleLR(o, 1.0, total_steps=10, pct_start=0.5, div_factor=10, final_div_factor=100), 10),
        ),
        (
            "piecewise([steps(3) steps(8)], [1 0.1 0.01])",
            3,
            20,
            torchs(lambda o: lr.MultiStepLR(o, [3, 8])),
        ),
        (
            "piecewise([epochs(1) epochs(2.5)], [1 0.5 0])",
            4,
            20,
            lambda t, last: 1.0 if t < 4 else 0.5 if t < 10 else 0.0,
        ),
        ("warmup(steps(4))", 3, 20, lambda t, last: warmup(t, last, 4, constant)),
        ("warmup(steps(4))", 3, 20, torchs(lambda o: lr.LinearLR(o, 0.25, 1.0, 3))),
        ("warmup(epochs(2))", 3, 20, lambda t, last: warmup(t, last, 6, constant)),
        ("warmup(steps(1))", 3, 20, lambda t, last: warmup(t, last, 1, constant)),
        (
            "warmup(steps(5), then=cosine(floor=0.05))",
            3,
            20,
            lambda t, last: warmup(t, last, 5, lambda u, rest: cosine(u, rest, rest, 0.05)),
        ),
        (
            "warmup(steps(5), then=cosine(length=steps(6), floor=0.05))",
            3,
            20,
            lambda t, last: warmup(t, last, 5, lambda u, rest: cosine(u, rest, 6, 0.05)),
        ),
        # a warm-up longer than the run: what follows has no steps left, and is at its floor
        (
            "warmup(steps(30), then=cosine(floor=0.5))",
            3,
            20,
            lambda t, last: warmup(t, last, 30, lambda u, rest: cosine(u, rest, rest, 0.5)),
        ),
        (
            "warmup(steps(3), then=warmup(steps(4), then=cosine(floor=0.2)))",
            3,
            20,
            lambda t, last: warmup(
                t, last, 3, lambda u, rest: warmup(u, rest, 4, lambda w, left: cosine(w, left, left, 0.2))
            ),
        ),
    ]
    result = []
    for spec, epoch, last, of in cases:
        steps = [*range(len(of))] if isinstance(of, list) else [*range(0, 22), 29, 30, 1_000_000]
        factors = of if isinstance(of, list) else [of(step, last) for step in steps]
        result.append(
            {
                "schedule": spec,
                "stepsPerEpoch": epoch,
                "last": last,
                "steps": steps,
                "factors": [float(f) for f in factors],
            }
        )
    return result


def plateaus():
    """Which factor ReduceLROnPlateau comes to after each loss."""
    losses = np.concatenate([np.linspace(1, 0.4, 8), np.full(30, 0.4), [0.39, 0.38, 0.1], np.full(40, 0.1)])
    losses = losses + rng.uniform(-1e-5, 1e-5, len(losses))
    result = []
    for spec, options in [
        ("reduce", {}),
        ("reduce(factor=0.5, patience=2)", {"factor": 0.5, "patience": 2}),
        ("reduce(factor=0.5, patience=0, cooldown=3, floor=0.01)", {"factor": 0.5, "patience": 0, "cooldown": 3, "min_lr": 0.01}),
        ("reduce(factor=0.3, patience=3, threshold=0.05, cooldown=1)", {"factor": 0.3, "patience": 3, "threshold": 0.05, "cooldown": 1}),
    ]:  # fmt: skip
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, eps=0, **options)
        factors = []
        for loss in losses:
            scheduler.step(loss)
            factors.append(optimizer.param_groups[0]["lr"])
        result.append({"plateau": spec, "losses": numbers(losses, 17), "factors": numbers(factors, 17)})
    return result


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
        "plateaus": plateaus(),
    }
    # one line for each list of numbers: a change of one shows as one line
    text = json.dumps(golden, indent=1)
    text = re.sub(r"\[\n[-+0-9.e,\s]*\]", lambda m: "".join(m.group().split()).replace(",", ", "), text)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


main()
