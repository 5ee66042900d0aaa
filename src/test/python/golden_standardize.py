"""Writes src/test/resources/golden/standardize.json: what scikit-learn's StandardScaler learns of columns of many kinds.

    pip install scikit-learn numpy
    python3 src/test/python/golden_standardize.py

Run by hand, never by Maven; StandardizeGoldenTest reads the file. Columns that hold only 0 and 1 stay as they are: they are
given to no scaler, and their mean is 0 and their scale 1. Everything is rounded to float32 first.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.preprocessing import StandardScaler

SEED = 20261130
ROWS = 60
FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "standardize.json"

rng = np.random.default_rng(SEED)
weights = rng.integers(0, 4, ROWS).astype(np.float64)
weights[0], weights[1] = 0, 2
flags = rng.integers(0, 2, ROWS).astype(np.float64)
rare = np.where(np.arange(ROWS) == 1, 1.0, 0.0)
COLUMNS = {
    "normal": rng.normal(0.3, 2, ROWS),
    "far": rng.normal(1000, 3, ROWS),
    "small": rng.normal(0, 1e-3, ROWS),
    "flags": flags,
    "rare": rare,
    "zeros": np.zeros(ROWS),
    "ones": np.ones(ROWS),
    "sevens": np.full(ROWS, 7.0),
    "counts": rng.integers(0, 3, ROWS),
    "halves": flags / 2,
    "signs": 2 * flags - 1,
    "one or two": flags + 1,
    "nearly": np.where(np.arange(ROWS) == 1, 0.9999, flags),
    "flags, but for a row without weight": np.where(np.arange(ROWS) == 0, 5.0, flags),
}

columns = []
for name, values in COLUMNS.items():
    values = values.astype(np.float32).astype(np.float64)
    counted = values[weights > 0]
    if np.isin(counted, (0, 1)).all():
        mean, scale = 0.0, 1.0
    else:
        scaler = StandardScaler().fit(values[:, None], sample_weight=weights)
        mean, scale = float(scaler.mean_[0]), float(scaler.scale_[0])
    columns.append({"name": name, "values": values.tolist(), "mean": mean, "scale": scale})

golden = {
    "generator": "src/test/python/golden_standardize.py, seed %d, scikit-learn %s, numpy %s"
    % (SEED, sklearn.__version__, np.__version__),
    "weights": weights.tolist(),
    "columns": columns,
}
FILE.write_text(json.dumps(golden, indent=None).replace('{"name"', '\n{"name"') + "\n", encoding="utf-8")
print(f"{FILE}: {FILE.stat().st_size:,} bytes")
