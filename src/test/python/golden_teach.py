"""Writes src/test/resources/golden/teach.json: scikit-learn's data sets without noise, and PyTorch's paths on the demo's surfaces.

    pip install torch scikit-learn
    python3 src/test/python/golden_teach.py

Run by hand, never by Maven; PlaneDataTest and DescentPathsTest read the file. Paths are computed in float64 from the same
starts, at the rate of 1, 2 or 5 times a power of ten up to 1 whose path has the lowest mean height, start included.
"""

import json
import math
import pathlib

import sklearn
import torch
from sklearn.datasets import make_circles, make_moons

FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "teach.json"
RATES = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
SHOWN = 20  # steps of a path in the file

SURFACES = {  # name: height, start, steps
    "saddle": (lambda x, y: 2 * x**2 - y**2 / 2 + y**4 / 4, (-1.2, 1e-3), 80),
    "ravine": (lambda x, y: x**2 / 2 + 18 * y**2, (-2.0, 0.8), 80),
    "bent valley": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0), 300),
}
OPTIMIZERS = {
    "sgd": lambda place, rate: torch.optim.SGD(place, lr=rate),
    "momentum": lambda place, rate: torch.optim.SGD(place, lr=rate, momentum=0.9),
    "nesterov": lambda place, rate: torch.optim.SGD(place, lr=rate, momentum=0.9, nesterov=True),
    "adagrad": lambda place, rate: torch.optim.Adagrad(place, lr=rate),
    "rmsprop": lambda place, rate: torch.optim.RMSprop(place, lr=rate),
    "adam": lambda place, rate: torch.optim.Adam(place, lr=rate),
}


def path(surface, optimizer, rate):
    height, start, steps = surface
    place = torch.tensor(start).double().requires_grad_()  # as float32 holds it
    stepping = optimizer([place], rate)
    places, heights = [], []
    for step in range(steps + 1):
        stepping.zero_grad()
        h = height(*place)
        places.append(place.tolist())
        heights.append(h.item())
        h.backward()
        stepping.step()
    return places, sum(heights) / len(heights)


def best(surface, optimizer):
    paths = [(rate, *path(surface, optimizer, rate)) for rate in RATES]
    rate, places, _ = min((p for p in paths if math.isfinite(p[2])), key=lambda p: p[2])
    return {"rate": rate, "places": [[float(f"{v:.9g}") for v in place] for place in places[: SHOWN + 1]]}


def points(made):
    return {"points": [[float(f"{v:.9g}") for v in point] for point in made[0]], "labels": made[1].tolist()}


FILE.write_text(
    json.dumps(
        {
            "generator": f"src/test/python/golden_teach.py, torch {torch.__version__}, scikit-learn {sklearn.__version__}",
            "moons": points(make_moons(11, shuffle=False)),
            "circles": points(make_circles(11, shuffle=False, factor=0.5)),
            "paths": {s: {o: best(surface, make) for o, make in OPTIMIZERS.items()} for s, surface in SURFACES.items()},
        }
    )
    + "\n"
)
