import data_parallel
import pytest
import torch
from torch import nn

from gradkata.checks import Wrong, build, check, run_ranks, sample

from .shared import as_found, called, demand_same_objects

pytestmark = pytest.mark.task("broadcast_state_")


class Model(nn.Module):
    """Has a frozen parameter, buffers of all kinds, and three things under two names.

    One of the buffers is in a layer, and one is a part of another.
    """

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(3, 2), nn.Linear(2, 3)
        self.first.register_buffer("inner", torch.rand(2))
        self.again = self.first
        self.last.weight.requires_grad_(False)
        self.register_buffer("mean", torch.rand(3))
        self.register_buffer("head", torch.rand(1), persistent=False)
        self.register_buffer("scale", torch.rand(2), persistent=False)
        self.register_buffer("count", torch.randint(1 << 60, ()))
        self.register_buffer("ticks", torch.randint(100, (2, 2)), persistent=False)
        self.register_buffer("seen", torch.rand(40) < 0.5)
        self.register_buffer("nothing", None)


def modules(ranks, device):
    made = [build(Model, device=device) for _ in range(ranks)]
    for module in made:
        module.last.register_buffer("mean_again", module.mean)
        module.last.register_buffer("bias_again", module.last.bias)
        module.head = module.scale[:1]
        module.first.weight.grad = sample((2, 3), device=device)
    # What is zero here alone must be sent like all else.
    made[0].ticks.zero_()
    return made


def state(module):
    """Return each parameter and buffer under each of its names."""
    return {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }


def values(module):
    return {name: t.detach().clone() for name, t in state(module).items()}


def mistakes(module, before, rank, src):
    """Return what a rank ends with if some of its tensors stay, or another rank is taken."""
    due, own = before[src], before[rank]

    def but(stays):
        return {
            name: own[name] if stays(name, t) else due[name] for name, t in state(module).items()
        }

    buffers = dict(module.named_buffers(remove_duplicate=False))
    saved = module.state_dict()
    means = {
        name: torch.stack([b[name].double() for b in before]).mean(0).to(t.dtype)
        for name, t in due.items()
    }
    return {
        "nothing has come": own,
        "buffers stay as they were: send them too": but(
            lambda name, t: name in buffers and not isinstance(t, nn.Parameter)
        ),
        "non-persistent buffers stay as they were: state_dict() has none of them": but(
            lambda name, t: name not in saved
        ),
        "frozen parameters stay as they were: send them too": but(
            lambda name, t: name not in buffers and not t.requires_grad
        ),
        "frozen parameters and buffers stay as they were: send them too": but(
            lambda name, t: not t.requires_grad
        ),
        "what is not floating stays as it was: send it too": but(
            lambda name, t: not t.is_floating_point()
        ),
        "rank 0 is the source, whatever src is": before[0],
        "the mean over the ranks is taken, the state of rank src is due": means,
        "the mean over the ranks is taken of what is floating": {
            name: means[name] if t.is_floating_point() else due[name] for name, t in due.items()
        },
    }


@pytest.mark.parametrize(
    ("ranks", "src", "grad_mode"),
    [(2, (), True), (3, (2,), False), (3, (1,), True), (1, (0,), True)],
)
def test_every_rank_ends_with_the_state_of_one(ranks, src, grad_mode, device):
    made = modules(ranks, device)
    before, objects = [values(m) for m in made], [as_found(state(m)) for m in made]
    tracked = [{name: t.requires_grad for name, t in state(m).items()} for m in made]
    stale = [m.first.weight.grad for m in made]
    stale_found = [as_found({"first.weight.grad": g}) for g in stale]
    stale_values = [g.clone() for g in stale]
    training = [m.train(rank == 0) and m.training for rank, m in enumerate(made)]

    ran = run_ranks(
        ranks,
        lambda rank: called(data_parallel.broadcast_state_, made[rank], *src, grad_mode=grad_mode),
    )

    number = src[0] if src else 0
    # At rank 0, its own state is that of rank 0 too: the others tell more.
    for rank in sorted(range(ranks), key=lambda rank: rank == 0):
        module = made[rank]
        check(
            values(module),
            before[number],
            what=f"the state of rank {rank} of {ranks}, src being {number}",
            mistakes=mistakes(module, before, rank, number),
        )
        demand_same_objects(objects[rank], state(module), f"rank {rank}:")
        check(
            {name: t.requires_grad for name, t in state(module).items()},
            tracked[rank],
            what=f"requires_grad on rank {rank}",
        )
        check(module.training, training[rank], what=f"the training mode on rank {rank}")
        demand_same_objects(
            stale_found[rank],
            {"first.weight.grad": module.first.weight.grad},
            f"rank {rank}:",
        )
        check(stale[rank], stale_values[rank], what=f"the .grad of 'first.weight' on rank {rank}")
    own = sum(t.numel() for t in {id(t): t for t, _ in objects[0].values()}.values())
    sent = sum(call.elements for call in ran.calls[0])
    if sent > own:
        raise Wrong(
            f"{sent} elements are sent, and the module has {own}: send a tensor once that it has "
            "under two names"
        )
