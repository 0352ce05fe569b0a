"""Runs the tasks of exercise 17 on one rank of real processes, and on threads, and compares.

Run by `test_gloo.py` in a process that forks and spawns ranks; it is no test itself.
"""

import importlib.util
import sys
import tempfile
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

ROOT = Path(__file__).parents[1]
A_BREATH = 0.1  # seconds
ANSWER = ROOT / "solutions" / "17_data_parallel" / "data_parallel.py"


def load():
    """Return our solution as a module."""
    spec = importlib.util.spec_from_file_location("data_parallel", ANSWER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(rank, *shape):
    """Return values that each rank has of its own, the same wherever it runs."""
    generator = torch.Generator().manual_seed(100 * rank + sum(shape))
    return torch.rand(shape, generator=generator, dtype=torch.float64)


def parameters(rank):
    """Return parameters that all ranks have, with the gradients of one."""
    params = [nn.Parameter(drawn(0, *shape)) for shape in ((2, 3), (4,), ())]
    for p in params:
        p.grad = drawn(rank, *p.shape)
    return params


def model_of(rank):
    """Return a model with the parameters of one rank."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double()
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(drawn(rank, *p.shape))
    model.register_buffer("seen", torch.tensor(rank + 7), persistent=False)
    return model


def loss_fn(output, y):
    """Return a mean over samples."""
    return (output - y).square().sum(1).mean()


class Momentum:
    """SGD with momentum, whose import takes no time."""

    def __init__(self, params):
        self.params = params
        self.velocities = [torch.zeros_like(p) for p in params]

    @torch.no_grad()
    def step(self):
        """Move the parameters."""
        for p, velocity in zip(self.params, self.velocities, strict=True):
            p.sub_(0.3 * velocity.mul_(0.9).add_(p.grad))


def all_tasks(rank):
    """Run every task on one rank, and return what comes of each, as lists of numbers."""
    answer, ranks, found = load(), dist.get_world_size(), {}

    model = model_of(rank)
    answer.broadcast_state_(model, ranks - 1)
    found["broadcast_state_"] = [*model.parameters(), *model.buffers()]

    params = parameters(rank)
    answer.average_gradients_(p for p in params)
    found["average_gradients_"] = [p.grad for p in params]

    params = parameters(rank)
    if rank == 1:
        params[0].grad = None
    for p in params[2:]:
        p.grad = None
    answer.average_uneven_gradients_(params, 3 - rank)
    found["average_uneven_gradients_"] = [p.grad for p in params if p.grad is not None]

    params = parameters(rank)
    params[0].grad = drawn(rank, 3, 2).T
    calls = answer.average_in_buckets_(params, 64)
    found["average_in_buckets_"] = [torch.tensor(calls), *(p.grad for p in params)]

    x = drawn(rank, 3, 2).T.requires_grad_()
    gathered = answer.GatherWithGradient.apply(x)
    (gradient,) = torch.autograd.grad(gathered, x, drawn(rank, ranks * 2, 1).expand_as(gathered))
    found["GatherWithGradient"] = [gathered, gradient]

    model = model_of(0)
    batches = [(drawn(rank + i, 1 + i, 3), drawn(rank + i, 1 + i, 2)) for i in range(rank + 1)]
    loss = answer.accumulate_and_sync_(model, loss_fn, iter(batches))
    found["accumulate_and_sync_"] = [torch.tensor(loss), *(p.grad for p in model.parameters())]

    model = model_of(0)
    finish = answer.average_in_backward_(model.parameters())
    for i in range(2):
        loss_fn(model(drawn(rank + i, 2, 3)), drawn(rank, 2, 2)).backward()
        finish()
    found["average_in_backward_"] = [p.grad for p in model.parameters()]

    params = parameters(0)
    optimizer = answer.ShardedOptimizer(iter(params), Momentum)
    for _ in range(2):
        optimizer.step()
    found["ShardedOptimizer"] = params
    return {task: [t.detach().tolist() for t in tensors] for task, tensors in found.items()}


def run(rank, ranks, folder):
    """Run all tasks in a process of its own, and leave what comes of it in a file."""
    torch.set_num_threads(1)
    store = dist.FileStore(f"{folder}/store", ranks)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=ranks)
    torch.save(all_tasks(rank), f"{folder}/{rank}")
    # torch 2.6 waits here for its own thread, and holds the lock that this thread needs to let go
    # of the last tensor: it has it now.
    time.sleep(A_BREATH)
    dist.destroy_process_group()


def on_processes(ranks, method):
    """Return what all tasks give on each rank."""
    with tempfile.TemporaryDirectory() as folder:
        mp.start_processes(run, args=(ranks, folder), nprocs=ranks, start_method=method)
        return [torch.load(f"{folder}/{rank}") for rank in range(ranks)]


def main(method, *numbers):
    """Print of each task whether processes give what threads give."""
    from gradkata.checks import run_ranks
    from gradkata.checks.diagnosis import find_fault
    from gradkata.checks.values import Tolerance

    for ranks in map(int, numbers):
        real, played = on_processes(ranks, method), run_ranks(ranks, all_tasks).results
        for rank in range(ranks):
            for task in played[rank]:
                fault = find_fault(real[rank][task], played[rank][task], Tolerance(1e-12, 1e-12))
                outcome = "other values" if fault else "the same"
                sys.stdout.write(f"{task} on rank {rank} of {ranks}, {method}: {outcome}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
