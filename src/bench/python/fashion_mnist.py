"""Fashion-MNIST's files as arrays: pixels from 0 to 1 (rows, 784) in float32, and labels."""

import gzip

import numpy as np


def load(folder, part):
    def idx(name, header):
        return np.frombuffer(gzip.open(folder / f"{part}-{name}-ubyte.gz").read(), np.uint8, offset=header)

    return idx("images-idx3", 16).reshape(-1, 784).astype(np.float32) / 255, idx("labels-idx1", 8).astype(np.int64)
