"""Writes src/test/resources/golden/table.json: a raw table, and what scikit-learn and pandas make of it.

    pip install scikit-learn pandas
    python3 src/test/python/golden_table.py

Run by hand, never by Maven. GoldenTableTest reads the file.
"""

import json
import pathlib

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer, RobustScaler, StandardScaler

TARGET = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "table.json"
TRAIN, TEST, LEAST = 120, 20, 5
# scale auto: a share of zeros, and of others, that tells zeros apart; the values that a column has at least; a share of codes
ZEROS, MANY, CODED, FEW = 0.05, 20, 0.01, 5

random = np.random.default_rng(20261129)
rows = TRAIN + TEST


def code(values):
    """The least or the largest number, if enough rows have it and it lies far from all others."""
    for value in (values.min(), values.max()):
        rest = values[values != value]
        if np.sum(values == value) >= max(FEW, CODED * len(values)) and len(rest) >= MANY and abs(value - rest.mean()) > 5 * rest.std():
            return value
    return None


def gaps(values, share):
    values = values.astype(object)
    values[random.uniform(size=rows) < share] = None
    return values


numbers = {
    "gaussian": random.normal(50, 7, rows).round(3),
    "far": 1.7e9 + random.integers(0, 1000, rows).astype(float),
    "skewed": gaps(np.exp(random.normal(0, 2, rows)).round(4), 0.15),
    "spiked": np.where(random.uniform(size=rows) < 0.7, 0.0, random.normal(3, 1, rows).round(2)),
    "counts": random.poisson(2, rows).astype(float),
}
others = np.random.default_rng(20261130)
numbers["coded"] = np.where(others.uniform(size=rows) < 0.2, -999.0, others.normal(20, 5, rows).round(1))
numbers["year"] = gaps(np.where(others.uniform(size=rows) < 0.6, 0.0, others.integers(1950, 2020, rows)), 0.1)
numbers["top"] = np.where(others.uniform(size=rows) < 0.05, 9999.0, others.exponential(3, rows).round(2))
flag = random.integers(0, 2, rows).astype(float)
city = random.choice(["Aachen", "Bonn", "Celle", "Daun", "Emden"], rows, p=[0.5, 0.3, 0.16, 0.02, 0.02])
city[:2], city[2:4] = "Daun", "Emden"
city = gaps(city, 0.2)
city[TRAIN + 1] = "Zwickau"  # training does not know it
when = pd.to_datetime("2023-11-05") + pd.to_timedelta(random.integers(0, 400 * 86400, rows), unit="s")

# texts that write numbers: with a unit, with letters for sizes, durations, and bounds beside other numbers
written = np.random.default_rng(20261201)
height = pd.Series([f"{v:.1f} cm" for v in written.normal(170, 9, rows)])
height[::9], height[4::9] = "168cm", None
followers = pd.Series([f"{v / 1e6:.1f}M" if v > 1e6 else f"{v / 1e3:.1f}k" if v > 1e3 else f"{v:.0f}" for v in np.exp(written.normal(9, 3, rows))])
lap = pd.Series([str(pd.Timedelta(seconds=v).round("s"))[7:].lstrip("0:") for v in written.uniform(1700, 5000, rows)])
dose = pd.Series([f"<{v:.1f}" if v < 0.5 else f">{v:.1f}" if v > 9 else f"{v:.2f}" for v in written.exponential(3, rows).clip(0.5 - 1e-9, 9 + 1e-9)])
sizes = {"k": 1e3, "M": 1e6}
texts = {
    "height": (height, height.str.replace("cm", "").astype(float)),
    "followers": (followers, followers.map(lambda text: float(text.rstrip("kM")) * sizes.get(text[-1], 1))),
    "lap": (lap, lap.map(lambda text: pd.Timedelta("00:" + text if text.count(":") == 1 else text).total_seconds())),
    "dose": (dose, dose.str.strip("<>").astype(float)),
}
clock = pd.Series(pd.to_timedelta(written.integers(5 * 3600, 23 * 3600, rows), unit="s"))

columns, expected = [], {}
for scale in ("auto", "standard", "robust", "quantile"):
    made = []

    def add_number(values):
        known = pd.Series(values, dtype=float).to_numpy()[:, None]
        scaler = {
            "auto": StandardScaler(),
            "standard": StandardScaler(),
            "robust": RobustScaler(),
            "quantile": QuantileTransformer(n_quantiles=33, subsample=None),
        }[scale]
        scaled = scaler.fit(known[:TRAIN]).transform(known)
        if scale == "robust" and scaler.scale_[0] == 1 and np.ptp(np.nanquantile(known[:TRAIN], [0.25, 0.75])) == 0:
            scaled = (known - scaler.center_) / (np.ptp(known[:TRAIN]) / 2)
        if scale == "robust" or (scale == "auto" and np.nanmax(np.abs(scaled[:TRAIN])) > 5):
            scaled = scaled / np.sqrt(1 + (scaled / 3) ** 2)
        if scale == "quantile":
            scaled = (scaled - 0.5) * np.sqrt(12)
            median = np.nanmedian(known[:TRAIN])
            fill = (scaler.transform([[median]])[0, 0] - 0.5) * np.sqrt(12)
            scaled = np.where(np.isnan(known), fill, scaled)
        train = known[:TRAIN][~np.isnan(known[:TRAIN])]
        many = scale == "auto" and len(np.unique(train)) >= MANY
        apart = code(train) if many else None
        if apart is not None:
            rest = train[train != apart]
            fill = rest.mean() if np.median(train) == apart else np.median(train)
            z = (np.where(np.isnan(known), fill, known) - rest.mean()) / rest.std()
            scaled = np.where(known == apart, 0.0, z / np.sqrt(1 + (z / 3) ** 2))
        imputer = SimpleImputer(strategy="median")
        made.append(imputer.fit(scaled[:TRAIN]).transform(scaled))
        if np.isnan(known[:TRAIN]).any():
            made.append(np.isnan(known).astype(float))
        zeros = np.sum(train == 0)
        if many and apart is None and min(zeros, len(train) - zeros) >= max(FEW, ZEROS * len(train)):
            apart = 0.0
        if apart is not None:
            made.append((known == apart).astype(float))
    for values in numbers.values():
        add_number(values)
    made.append(flag[:, None])
    table = pd.DataFrame({"city": city})
    encoder = OneHotEncoder(handle_unknown="ignore", min_frequency=LEAST, sparse_output=False)
    made.append(encoder.fit(table[:TRAIN]).transform(table))
    add_number(((when - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)).to_numpy())
    time = (when - when.normalize()) / pd.Timedelta(days=1)
    parts = [
        ((when.dayofyear - 1 + time) / np.where(when.is_leap_year, 366, 365), 2),
        ((when.day - 1 + time) / when.days_in_month, 1),
        (when.dayofweek / 7, 3),
        (time, 2),
    ]

    def add_waves(part, frequencies):
        for f in range(1, frequencies + 1):
            angle = 2 * np.pi * f * np.asarray(part, dtype=float)
            made.extend([np.sin(angle)[:, None], np.cos(angle)[:, None]])

    for part, frequencies in parts:
        add_waves(part, frequencies)
    for _, values in texts.values():
        add_number(values)
    add_number((clock / pd.Timedelta(days=1)).to_numpy())
    add_waves(clock / pd.Timedelta(days=1), 2)
    expected[scale] = np.hstack(made).tolist()

table = {name: [None if v is None else float(v) for v in values] for name, values in numbers.items()}
table["flag"] = flag.tolist()
table["city"] = city.tolist()
table["when"] = when.strftime("%Y-%m-%d %H:%M:%S").tolist()
for name, (values, _) in texts.items():
    table[name] = [None if pd.isna(text) else text for text in values]
table["clock"] = (pd.Timestamp("2000-01-01") + clock).dt.strftime("%I:%M:%S %p").tolist()
TARGET.write_text(json.dumps({"train": TRAIN, "leastRows": LEAST, "table": table, "expected": expected}) + "\n")
