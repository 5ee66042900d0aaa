"""PyTorch's DistributedDataParallel: seconds an epoch on Fashion-MNIST, 784-256-128-10 relu, Adam.

    python3 src/bench/python/ddp.py PROCESSES BATCH EPOCHS FOLDER

Processes of one thread each on this machine, gloo over loopback, as Spark's TorchDistributor starts them; each has its share
of every batch. Prints the median epoch of training alone and the test accuracy, or, where Python lacks torch, "missing".
"""

import os
import pathlib
import socket
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["GLOO_SOCKET_IFNAME"] = "lo"

try:
    import torch
    import torch.distributed as dist
    import torch.multiprocessing as mp
    from torch.nn.parallel import DistributedDataParallel

    import fashion_mnist
except ImportError:
    print("missing")
    sys.exit()


def train(rank, processes, port, batch, epochs, folder):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    dist.init_process_group("gloo", f"tcp://127.0.0.1:{port}", rank=rank, world_size=processes)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    parallel = DistributedDataParallel(model)
    optimizer = torch.optim.Adam(parallel.parameters(), 1e-3)
    loss = nn.CrossEntropyLoss()
    x, y = (torch.from_numpy(values) for values in fashion_mnist.load(folder, "train"))
    order = torch.Generator().manual_seed(1)  # the same in all processes
    own = batch // processes
    seconds = []
    for _ in range(epochs):
        dist.barrier()
        start = time.perf_counter()
        shuffled = torch.randperm(len(x), generator=order)
        for first in range(rank * own, len(x) - len(x) % batch, batch):
            some = shuffled[first : first + own]
            optimizer.zero_grad()
            loss(parallel(x[some]), y[some]).backward()
            optimizer.step()
        dist.barrier()
        seconds.append(time.perf_counter() - start)
    if rank == 0:
        x, y = (torch.from_numpy(values) for values in fashion_mnist.load(folder, "t10k"))
        with torch.no_grad():
            accuracy = (model(x).argmax(1) == y).float().mean().item()
        print(f"{sorted(seconds)[len(seconds) // 2]:.3f} {accuracy:.4f}")
    dist.destroy_process_group()


if __name__ == "__main__":
    processes, batch, epochs = (int(argument) for argument in sys.argv[1:4])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mp.spawn(train, (processes, port, batch, epochs, pathlib.Path(sys.argv[4])), processes)
