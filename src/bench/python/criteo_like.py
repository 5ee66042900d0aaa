"""Writes rows like those of Criteo's click logs, as LIBSVM text: 39 hashed columns over 2^20 inputs, one category of each.

    python3 src/bench/python/criteo_like.py rows.libsvm [1000000]

A column has between 10 and 10 million categories, of which few are frequent (Zipf). A category has a weight of its own; the
label is drawn from the logistic function of the weights' sum. Needs NumPy.
"""

import sys

import numpy as np

COLUMNS, INPUTS, SEED, AT_ONCE = 39, 1 << 20, 20261129, 50_000


def mixed(x):
    """SplitMix64's finaliser: a hash of whole numbers."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def main(path, rows):
    rng = np.random.default_rng(SEED)
    sizes = 10.0 ** rng.uniform(1, 7, COLUMNS)
    with open(path, "w", encoding="ascii") as out:
        for start in range(0, rows, AT_ONCE):
            count = min(AT_ONCE, rows - start)
            # log-uniform ranks: a category's frequency falls with its rank
            ranks = (sizes ** rng.uniform(0, 1, (count, COLUMNS))).astype(np.uint64)
            hashes = mixed(ranks + (np.arange(1, COLUMNS + 1, dtype=np.uint64) << np.uint64(40)))
            inputs = np.sort(hashes % np.uint64(INPUTS), axis=1)
            weights = ((hashes >> np.uint64(32)) / 2.0**32 - 0.5).sum(1)
            labels = rng.uniform(0, 1, count) < 1 / (1 + np.exp(1 - weights))
            for label, row in zip(labels, inputs):
                previous, words = -1, [str(int(label))]
                for each in row.tolist():
                    if each != previous:  # two columns may share an input
                        words.append(f"{each + 1}:1")
                    previous = each
                out.write(" ".join(words) + "\n")


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
