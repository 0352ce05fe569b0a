import data_parallel
import pytest
import torch

from gradkata.checks import Wrong, check, copies, one_by_one, run_ranks, sample

from .shared import called, demand_same_objects

pytestmark = pytest.mark.task("ShardedOptimizer")

LR, MOMENTUM, STEPS = 0.3, 0.9, 2
SHAPES = [(2, 3), (4,), ()]


class Momentum:
    """SGD with momentum, and no more of an optimizer than a step needs."""

    def __init__(self, params):
        self.params = list(params)
        if not self.params:
            raise ValueError("optimizer got an empty parameter list")
        self.velocities = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self):
        for p, velocity in zip(self.params, self.velocities, strict=True):
            velocity.mul_(MOMENTUM).add_(p.grad)
            p.sub_(LR * velocity)


def path(start, gradients):
    """Return the parameters after each step of one optimizer for all."""
    velocities, now, found = [torch.zeros_like(p) for p in start], start, []
    for grads in gradients:
        velocities = [MOMENTUM * v + g for v, g in zip(velocities, grads, strict=True)]
        now = [p - LR * v for p, v in zip(now, velocities, strict=True)]
        found.append(now)
    return found


def demand_shares(shares, ranks):
    """Demand that each parameter has one owner, and nobody more than a fair share."""
    most = -(-len(SHAPES) // ranks)
    for rank, calls in enumerate(shares):
        if len(calls) > 1:
            raise Wrong(f"rank {rank} calls make_optimizer {len(calls)} times, once is enough")
        if calls and not calls[0]:
            raise Wrong(f"rank {rank} calls make_optimizer with no parameters: there it has none")
        if calls and len(calls[0]) > most:
            raise Wrong(
                f"{len(calls[0])} of {len(SHAPES)} parameters belong to rank {rank} of {ranks}: "
                f"at most {most} may belong to one"
            )
    for i in range(len(SHAPES)):
        owners = [rank for rank, calls in enumerate(shares) if calls and i in calls[0]]
        if len(owners) != 1:
            raise Wrong(f"of {ranks} ranks, parameter {i} belongs to {owners}: one owner is due")


def judge(ranks, device, *, given_as=list, dtype=torch.float64, grad_mode=True):
    start = [sample(shape, device=device, dtype=dtype) for shape in SHAPES]
    gradients = [
        [sample(shape, device=device, dtype=dtype) for shape in SHAPES] for _ in range(STEPS)
    ]
    made = [[p.clone().requires_grad_() for p in start] for _ in range(ranks)]
    shares = [[] for _ in range(ranks)]

    def run(rank):
        params, found = made[rank], []

        def make_optimizer(own):
            own = list(own)
            shares[rank].append([i for i, p in enumerate(params) if any(p is o for o in own)])
            return Momentum(own)

        optimizer = called(
            data_parallel.ShardedOptimizer, given_as(params), make_optimizer, grad_mode=grad_mode
        )
        for grads in gradients:
            for p, g in zip(params, grads, strict=True):
                p.grad = g.clone()
            objects = dict(enumerate(p.grad for p in params))
            called(optimizer.step, grad_mode=grad_mode)
            found.append(copies(params))
            check(
                [p.grad for p in params], grads, what=f"the .grad of each parameter of rank {rank}"
            )
            demand_same_objects(
                objects, dict(enumerate(p.grad for p in params)), f"rank {rank}: .grad of"
            )
        check(
            [p.requires_grad for p in params],
            [True] * len(params),
            what="requires_grad, afterwards",
        )
        return found

    ran = run_ranks(ranks, run)

    demand_shares(shares, ranks)
    due = path(start, gradients)
    owner = [next(r for r, calls in enumerate(shares) if calls and i in calls[0]) for i in range(3)]
    before = start
    for number in range(STEPS):
        moved = due[number]

        def where(owned, others, moved=moved):
            return [
                [owned[i] if owner[i] == rank else others[i] for i in range(len(SHAPES))]
                for rank in range(ranks)
            ]

        means = [(new + (ranks - 1) * old) / ranks for new, old in zip(moved, before, strict=True)]
        check(
            [found[number] for found in ran.results],
            [moved] * ranks,
            what=f"the parameters of each of {ranks} ranks after step {number + 1}",
            mistakes={
                "each rank moves its own, and sends nothing": where(moved, before),
                "the mean over the ranks is taken: only one of them has moved a parameter": (
                    [means] * ranks
                ),
                "no parameter moves": [before] * ranks,
                "the sum over the ranks is taken": [[m * ranks for m in means]] * ranks,
            },
        )
        before = moved


@pytest.mark.parametrize("ranks", [1, 2, 4])
def test_the_parameters_are_those_of_one_optimizer_for_all(ranks, device):
    judge(ranks, device, given_as=one_by_one if ranks == 2 else list)


def test_it_works_on_three_ranks_in_float32_and_inside_no_grad(device):
    judge(3, device, dtype=torch.float32, grad_mode=False)
