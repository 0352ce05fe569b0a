import data_parallel
import pytest
import torch

from gradkata.checks import Wrong, check, copies, run_ranks, sample

from .shared import (
    OneByOne,
    as_found,
    called,
    demand_not_written,
    demand_nothing_kept,
    demand_same_objects,
    raises_own,
    versions_of,
)

pytestmark = pytest.mark.task("ShardedOptimizer")

LR, MOMENTUM, STEPS = 0.3, 0.9, 2
# Dealt by their elements, or cut after every first of three, one rank would have too many.
SHAPES = [(2, 5), (3,), (), (1, 2), ()]
FROZEN = 3


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
            if p.grad is not None:
                velocity.mul_(MOMENTUM).add_(p.grad)
                p.sub_(LR * velocity)


def path(start, gradients):
    """Return the parameters after each step of one optimizer for all."""
    velocities, now, found = [torch.zeros_like(p) for p in start], start, []
    for grads in gradients:
        velocities = [
            v if g is None else MOMENTUM * v + g for v, g in zip(velocities, grads, strict=True)
        ]
        now = [p - LR * v for p, v in zip(now, velocities, strict=True)]
        found.append(now)
    return found


def demand_shares(shares, at_first, ranks):
    """Demand that each parameter has one owner, and nobody more than a fair share."""
    most = -(-len(SHAPES) // ranks)
    for rank, calls in enumerate(shares):
        if len(calls) > 1:
            raise Wrong(f"rank {rank} calls make_optimizer {len(calls)} times, once is enough")
        if len(calls) > at_first[rank]:
            raise Wrong(f"rank {rank} calls make_optimizer in step: call it in __init__")
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
    start[1][0] = torch.inf
    gradients = [
        [
            None if i == FROZEN else sample(shape, device=device, dtype=dtype)
            for i, shape in enumerate(SHAPES)
        ]
        for _ in range(STEPS)
    ]
    tracked = [i != FROZEN for i in range(len(SHAPES))]
    made = [
        [p.clone().requires_grad_(on) for p, on in zip(start, tracked, strict=True)]
        for _ in range(ranks)
    ]
    shares, at_first = [[] for _ in range(ranks)], [0] * ranks

    on_the_class = dict(vars(data_parallel.ShardedOptimizer))

    def run(rank):
        params, found = made[rank], []

        def make_optimizer(own):
            if not isinstance(own, list):
                raise Wrong(f"make_optimizer is called with a {type(own).__name__}, not a list")
            shares[rank].append([i for i, p in enumerate(params) if any(p is o for o in own)])
            return Momentum(own)

        given = given_as(params)
        optimizer = called(
            data_parallel.ShardedOptimizer, given, make_optimizer, grad_mode=grad_mode
        )
        if isinstance(given, list):
            given.clear()
        demand_nothing_kept(data_parallel.ShardedOptimizer, on_the_class)
        at_first[rank] = len(shares[rank])
        for grads in gradients:
            for p, g in zip(params, grads, strict=True):
                p.grad = None if g is None else g.clone()
            objects = as_found(dict(enumerate(p.grad for p in params)))
            versions, places = (
                versions_of(p.grad for p in params),
                as_found(dict(enumerate(params))),
            )
            called(optimizer.step, grad_mode=grad_mode)
            found.append(copies(params))
            check(
                [p.grad for p in params], grads, what=f"the .grad of each parameter of rank {rank}"
            )
            demand_same_objects(
                objects, dict(enumerate(p.grad for p in params)), f"rank {rank}: .grad of"
            )
            demand_same_objects(places, dict(enumerate(params)), f"rank {rank}: parameter")
            demand_not_written(
                [p.grad for p in params], versions, f"rank {rank}: the .grad of a parameter"
            )
        check(
            [p.requires_grad for p in params],
            tracked,
            what="requires_grad, afterwards",
        )
        return found

    ran = run_ranks(ranks, run)

    demand_shares(shares, at_first, ranks)
    due = path(start, gradients)
    owner = [
        next(r for r, calls in enumerate(shares) if calls and i in calls[0])
        for i in range(len(SHAPES))
    ]
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
                "each rank moves its own alone: send them after the step, into the parameters "
                "that are there": where(moved, before),
                "all parameters come from rank 0, whoever owns them": [
                    [m if o == 0 else b for m, b, o in zip(moved, before, owner, strict=True)]
                ]
                * ranks,
                "the mean over the ranks is taken: only one of them has moved a parameter": (
                    [means] * ranks
                ),
                "no parameter moves": [before] * ranks,
                "the sum over the ranks is taken": [[m * ranks for m in means]] * ranks,
            },
        )
        before = moved


@pytest.mark.parametrize("ranks", [1, 2, 6])
def test_the_parameters_are_those_of_one_optimizer_for_all(ranks, device):
    judge(ranks, device, given_as=OneByOne if ranks == 2 else list)


def test_it_works_on_three_ranks_in_float32_and_inside_no_grad(device):
    judge(3, device, dtype=torch.float32, grad_mode=False)


def test_an_error_of_the_optimizer_comes_through(device):
    class Broken(Momentum):
        def step(self):
            raise ArithmeticError("no step")

    def run(_rank):
        params = [torch.ones(2, device=device, requires_grad=True)]
        with raises_own(ArithmeticError, []):
            data_parallel.ShardedOptimizer(params, Broken).step()

    run_ranks(1, run)
