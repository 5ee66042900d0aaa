"""PyTorch's rows a second in one thread: forward, backward and Adam over batches that lie in memory one after another.

    python3 src/bench/python/core.py WIDTHS relu|sigmoid BATCH SECONDS

WIDTHS such as 784-256-128-10; a last width of 1 is a regression. Prints rows a second of the thread's own CPU time, after
a warm-up, or, where Python lacks PyTorch, "missing".
"""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

try:
    import torch
except ImportError:
    print("missing")
    sys.exit()

ROWS = 8192
widths = [int(width) for width in sys.argv[1].split("-")]
activation, batch, seconds = sys.argv[2], int(sys.argv[3]), float(sys.argv[4])

torch.set_num_threads(1)
torch.manual_seed(1)
nn = torch.nn
layers = []
for inputs, outputs in zip(widths, widths[1:]):
    layers += [nn.Linear(inputs, outputs), nn.ReLU() if activation == "relu" else nn.Sigmoid()]
model = nn.Sequential(*layers[:-1])
optimizer = torch.optim.Adam(model.parameters(), 1e-3)
x = torch.rand(ROWS, widths[0])
if widths[-1] == 1:
    loss, y = nn.MSELoss(), torch.rand(ROWS, 1)
else:
    loss, y = nn.CrossEntropyLoss(), torch.randint(widths[-1], (ROWS,))


def rate(seconds):
    start, rows = time.thread_time(), 0
    while time.thread_time() - start < seconds:
        for first in range(0, ROWS, batch):
            optimizer.zero_grad()
            loss(model(x[first : first + batch]), y[first : first + batch]).backward()
            optimizer.step()
        rows += ROWS
    return rows / (time.thread_time() - start)


rate(seconds / 4)
print(rate(seconds))
