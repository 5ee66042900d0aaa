"""Writes src/test/resources/golden/nn.json: each activation and each loss by itself, as PyTorch computes it in float64.

    pip install torch numpy scikit-learn
    python3 src/test/python/golden_nn.py

Run by hand, never by Maven; NnGoldenTest reads the file. Inputs are rounded to float32 first, so that what the test
measures is the error of our float32 arithmetic. golden.py has the same for whole networks in training.

Where PyTorch differs from us in definition, the line that makes up for it says so.
"""

import json
import math
import pathlib
import re

import numpy as np
import sklearn
import torch
from sklearn.metrics import hinge_loss
from torch.nn import functional as F

SEED = 20240608
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "nn.json"

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(SEED)

ACTIVATIONS = {
    "identity": lambda x: x * 1.0,
    "relu": F.relu,
    "leakyRelu(slope=0.2)": lambda x: F.leaky_relu(x, 0.2),
    "elu": F.elu,
    "elu(alpha=0.3)": lambda x: F.elu(x, 0.3),
    "selu": F.selu,
    "sigmoid": torch.sigmoid,
    "hardSigmoid": F.hardsigmoid,
    "tanh": torch.tanh,
    "softplus": lambda x: F.softplus(x, threshold=100),  # PyTorch takes x itself above; its 20 is too low for float64
    "silu": F.silu,
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "mish": F.mish,
}


def focal(gamma):
    """Lin et al. 2017, equation 4: torchvision has it for sigmoids only."""

    def rows(z, t):
        log_p = F.log_softmax(z, 1).gather(1, t.long()[:, None])[:, 0]
        others = F.softmax(z, 1).clone()
        others = (others * (1 - F.one_hot(t.long(), z.shape[1]))).sum(1)  # 1 - p without cancellation
        return -(others**gamma) * log_p

    return rows


def pinball(tau):
    """Koenker and Bassett 1978; PyTorch has none. Half of the absolute error at tau = 1/2."""
    return lambda z, t: torch.maximum(tau * (t - z[:, 0]), (tau - 1) * (t - z[:, 0]))


def hinge(margin):
    """PyTorch divides by the number of classes; we do not."""
    return lambda z, t: z.shape[1] * F.multi_margin_loss(z, t.long(), margin=margin, reduction="none")


def value(loss, **arguments):
    return lambda z, t: loss(z[:, 0], t, reduction="none", **arguments)


LOSSES = {
    "softmaxCrossEntropy": ("class", lambda z, t: F.cross_entropy(z, t.long(), reduction="none")),
    "softmaxCrossEntropy(labelSmoothing=0.1)": (
        "class",
        lambda z, t: F.cross_entropy(z, t.long(), reduction="none", label_smoothing=0.1),
    ),
    "sigmoidCrossEntropy": ("binary", value(F.binary_cross_entropy_with_logits)),
    "multiclassHinge": ("class", hinge(1)),
    "multiclassHinge(margin=2.5)": ("class", hinge(2.5)),
    "focal": ("class", focal(2)),
    "focal(gamma=0)": ("class", focal(0)),
    "focal(gamma=0.5)": ("class", focal(0.5)),
    "squaredError": ("value", value(F.mse_loss)),
    "absoluteError": ("value", value(F.l1_loss)),
    "huber": ("value", value(F.huber_loss)),
    "huber(delta=2.5)": ("value", value(F.huber_loss, delta=2.5)),
    "quantile": ("value", pinball(0.5)),
    "quantile(tau=0.9)": ("value", pinball(0.9)),
    "poisson": ("count", value(F.poisson_nll_loss, log_input=True, full=False)),
    "squaredLogError": ("amount", lambda z, t: F.mse_loss(z[:, 0], torch.log1p(t), reduction="none")),
}


def values(loss, **arguments):
    """Several targets a row: PyTorch's mean over them."""
    return lambda z, t: loss(z, t, reduction="none", **arguments).mean(dim=1)


MEANS, DEVIATIONS = torch.tensor([0.5, -1.25, 40.0]), torch.tensor([2.0, 0.125, 30.0])
SCALED = "means=[0.5,-1.25,40], deviations=[2,0.125,30]"
SEVERAL = {
    "squaredError": values(F.mse_loss),
    "absoluteError": values(F.l1_loss),
    "huber(delta=2.5)": values(F.huber_loss, delta=2.5),
    "quantile(tau=0.9)": lambda z, t: torch.maximum(0.9 * (t - z), -0.1 * (t - z)).mean(dim=1),
    "poisson": values(F.poisson_nll_loss, log_input=True, full=False),
    f"standardized(squaredError, {SCALED})": lambda z, t: values(F.mse_loss)(z, (t - MEANS) / DEVIATIONS),
    f"standardized(huber(delta=0.5), {SCALED})": lambda z, t: values(F.huber_loss, delta=0.5)(
        z, (t - MEANS) / DEVIATIONS
    ),
    "squaredLogError": lambda z, t: values(F.mse_loss)(z, torch.log1p(t)),
}


def float32(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def numbers(values):
    if isinstance(values, torch.Tensor):
        values = values.detach().numpy()
    return [float(f"{x:.10g}") for x in np.ravel(values)]


def grid():
    """Dense around 0, then by powers of ten; with 0 itself and the kinks of hardSigmoid, whose derivatives are defined."""
    near = np.concatenate([np.linspace(-8, 8, 65), np.linspace(-0.5, 0.5, 41)])
    far = np.array([1e-8, 1e-4, 1e-3, 9.5, 12, 14, 20, 50, 88, 100, 110, 1000, 1e4])
    return np.unique(float32(np.concatenate([near, far, -far, rng.normal(0, 3, 40)])))


def activations(x):
    result = []
    for spec, f in ACTIVATIONS.items():
        leaf = torch.tensor(x, requires_grad=True)
        out = f(leaf)
        out.sum().backward()
        result.append({"activation": spec, "values": numbers(out), "derivatives": numbers(leaf.grad)})
    return result


def problem(kind, largest, rng=rng):
    """Rows of logits, of small and of the largest size, with targets and weights; one row weighs nothing."""
    rows, classes = 24, 4 if kind == "class" else 1
    logits = float32(rng.normal(0, 1.5, (rows, classes)))
    logits[rows // 2 :] = float32(rng.uniform(-largest, largest, (rows - rows // 2, classes)))
    weights = float32(rng.uniform(0.2, 3, rows))
    weights[3], weights[7] = 0, 1
    if kind in ("class", "binary"):
        targets = rng.integers(0, max(2, classes), rows).astype(np.float64)
    elif kind == "count":
        targets = rng.poisson(2.5, rows).astype(np.float64)
    elif kind == "amount":
        targets = float32(np.exp(rng.normal(0, 4, rows)))
    else:
        targets = float32(rng.normal(0, 1.5, rows))
    return logits, targets, weights


def losses():
    result = []
    for spec, (kind, loss) in LOSSES.items():
        # exp(80) is near the end of float32; autograd's derivative of q^0.5 is infinite where q underflows
        huge = 80 if kind == "count" else 300 if "gamma=0.5" in spec else 1e4
        for largest in (10, huge):
            # with random numbers of its own, so that those of the others stay
            generator = np.random.default_rng(SEED + 2) if kind == "amount" else rng
            logits, targets, weights = problem(kind, largest, generator)
            z = torch.tensor(logits, requires_grad=True)
            rows = loss(z, torch.tensor(targets))
            (torch.tensor(weights) * rows).sum().backward()
            result.append(
                {
                    "loss": spec,
                    "outputs": logits.shape[1],
                    "logits": numbers(logits),
                    "targets": numbers(targets),
                    "weights": numbers(weights),
                    "losses": numbers(rows),
                    "gradient": numbers(z.grad),
                }
            )
    return result


def several():
    """With random numbers of their own, so that those of the others stay."""
    own = np.random.default_rng(SEED + 1)
    result = []
    for spec, loss in SEVERAL.items():
        shape = (20, 3)
        logits = float32(own.normal(0, 1.5, shape))
        targets = own.poisson(2.5, shape).astype(np.float64) if spec in ("poisson", "squaredLogError") else float32(own.normal(0, 1.5, shape))
        if "standardized" in spec:
            targets = float32(targets * DEVIATIONS.numpy() + MEANS.numpy())
        weights = float32(own.uniform(0.2, 3, 20))
        weights[3], weights[7] = 0, 1
        z = torch.tensor(logits, requires_grad=True)
        rows = loss(z, torch.tensor(targets))
        (torch.tensor(weights) * rows).sum().backward()
        result.append(
            {
                "loss": spec,
                "outputs": 3,
                "logits": numbers(logits),
                "targets": numbers(targets),
                "weights": numbers(weights),
                "losses": numbers(rows),
                "gradient": numbers(z.grad),
            }
        )
    return result


def two_class_hinge():
    """For two classes scikit-learn takes one score d with margin 1: ours is the same with scores (-d/2, d/2)."""
    scores = float32(rng.normal(0, 1.5, 30))
    targets = rng.integers(0, 2, 30)
    weights = float32(rng.uniform(0.2, 3, 30))
    mean = hinge_loss(targets, scores, labels=[0, 1], sample_weight=weights)
    return {
        "scores": numbers(scores),
        "targets": numbers(targets),
        "weights": numbers(weights),
        "mean": float(mean),
    }


def main():
    x = grid()
    golden = {
        "generator": f"src/test/python/golden_nn.py, seed {SEED}, torch {torch.__version__}, numpy {np.__version__},"
        f" scikit-learn {sklearn.__version__}",
        "inputs": numbers(x),
        "activations": activations(x),
        "losses": losses() + several(),
        "twoClassHinge": two_class_hinge(),
    }
    lists = [entry[key] for entry in golden["losses"] for key in ("losses", "gradient")]
    lists += [entry[key] for entry in golden["activations"] for key in ("values", "derivatives")]
    assert all(math.isfinite(value) for values in lists for value in values)
    # one line for each list of numbers: a change of one shows as one line
    text = json.dumps(golden, indent=1)
    text = re.sub(r"\[[-+0-9.e,\s]*\]", lambda m: "".join(m.group().split()).replace(",", ", "), text)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


main()
