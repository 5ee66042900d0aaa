"""One peer's seconds an epoch on Fashion-MNIST, 784-256-128-10 relu, Adam, two threads, tensors in memory.

    python3 src/bench/python/peers.py torch|sklearn BATCH EPOCHS FOLDER

Prints the median epoch of training alone and the test accuracy, or, where Python lacks the peer, "missing".
"""

import os
import pathlib
import sys
import time

THREADS = 2
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(THREADS)

peer, batch, epochs, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
try:
    import fashion_mnist

    if peer == "torch":
        import torch
    else:
        import sklearn.neural_network
except ImportError:
    print("missing")
    sys.exit()

x, y = fashion_mnist.load(folder, "train")
test_x, test_y = fashion_mnist.load(folder, "t10k")
seconds = []

if peer == "torch":
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    loss = nn.CrossEntropyLoss()
    rows, labels = torch.from_numpy(x), torch.from_numpy(y)
    for _ in range(epochs):
        start = time.perf_counter()
        order = torch.randperm(len(rows))
        for first in range(0, len(rows), batch):
            some = order[first : first + batch]
            optimizer.zero_grad()
            loss(model(rows[some]), labels[some]).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    predicted = model(torch.from_numpy(test_x)).argmax(1).numpy()
else:
    model = sklearn.neural_network.MLPClassifier(
        (256, 128), alpha=0, batch_size=batch, learning_rate_init=1e-3, max_iter=1, warm_start=True, random_state=1
    )
    import warnings

    warnings.simplefilter("ignore")  # one epoch at a time never converges
    for _ in range(epochs):
        start = time.perf_counter()
        model.fit(x, y)
        seconds.append(time.perf_counter() - start)
    predicted = model.predict(test_x)

print(f"{sorted(seconds)[len(seconds) // 2]:.3f} {(predicted == test_y).mean():.4f}")
