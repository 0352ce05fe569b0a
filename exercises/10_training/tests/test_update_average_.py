import copy

import pytest
import torch
import training
from torch import nn

from gradkata.checks import build, check, sample, situation, unchanged

from .shared import a_layer, turned, values

pytestmark = pytest.mark.task("update_average_")


class Mixed(nn.Module):
    """A model with something of each kind that a model can hold."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3, bias=False)
        self.last = nn.Linear(3, 3)
        self.gain = nn.Parameter(torch.tensor(1.5))
        self.norm = nn.BatchNorm1d(3)
        self.register_buffer("scratch", torch.tensor([1.0, 2.0]), persistent=False)
        self.register_buffer("mask", torch.tensor([True, False, True]))
        self.register_buffer("codes", torch.tensor([3, 5], dtype=torch.int32))
        self.register_buffer("scale", torch.tensor(0.5))
        self.register_buffer("absent", None)
        self.last.weight = self.first.weight  # tied
        self.last.bias.requires_grad_(False)


def average_and_model(device, dtype=torch.float64):
    """Return a model after some training, and its average, which began as its copy."""
    model = build(Mixed, device=device).to(dtype)
    model.last.register_buffer("scratch", model.scratch, persistent=False)  # under two names
    average = copy.deepcopy(model)
    with torch.no_grad():
        for t in [*model.parameters(), *model.buffers()]:
            if t.is_floating_point():
                t.copy_(sample(t.shape, device=device, dtype=dtype))
                t.view(-1)[0] *= 1e6
        model.norm.num_batches_tracked.fill_(10)
        model.mask.logical_not_()
        model.codes.add_(4)
    return average, model


def blend(old, new, decay):
    return decay * old.detach() + (1 - decay) * new.detach()


any_decay = pytest.mark.parametrize("decay", [0.9, 0.0, 1.0])


@any_decay
def test_parameters_are_averaged(decay, device):
    average, model = turned(build(lambda: nn.Linear(3, 2), device=device)), turned(a_layer(device))
    old, new = values(average.parameters()), values(model.parameters())

    with unchanged(model), situation("with a weight that is not contiguous"):
        training.update_average_(average, model, decay)

    check(
        values(average.parameters()),
        [blend(a, b, decay) for a, b in zip(old, new, strict=True)],
        what=f"the average's parameters with decay = {decay}",
        mistakes={
            "decay and 1 - decay are swapped": [
                blend(b, a, decay) for a, b in zip(old, new, strict=True)
            ],
            "the average itself is not changed: write into its tensors": old,
            "the model's values are copied": new,
            "the old value is not multiplied by decay": [
                a + (1 - decay) * b for a, b in zip(old, new, strict=True)
            ],
        },
    )


def test_frozen_parameters_and_0d_ones_are_averaged_too(device):
    average, model = average_and_model(device)
    old, new = values([average.last.bias, average.gain]), values([model.last.bias, model.gain])

    with unchanged(model):
        training.update_average_(average, model, 0.75)

    check(
        values([average.last.bias, average.gain]),
        [blend(a, b, 0.75) for a, b in zip(old, new, strict=True)],
        what="a frozen parameter and a 0-d one",
        mistakes={"frozen parameters are left out": [old[0], blend(old[1], new[1], 0.75)]},
    )


def test_tied_parameters_are_averaged_once(device):
    average, model = average_and_model(device)
    old, new = values([average.first.weight, model.first.weight])

    training.update_average_(average, model, 0.75)

    assert average.first.weight is average.last.weight, "the tied weights are tied no longer"
    check(
        average.first.weight.detach(),
        blend(old, new, 0.75),
        what="a weight with two names",
        mistakes={
            "it is averaged once for each of its names": blend(blend(old, new, 0.75), new, 0.75)
        },
    )


def test_floating_buffers_are_averaged(device):
    average, model = average_and_model(device)
    old, new = (values([m.norm.running_var, m.scale]) for m in (average, model))

    training.update_average_(average, model, 0.75)

    check(
        [average.norm.running_var, average.scale],
        [blend(a, b, 0.75) for a, b in zip(old, new, strict=True)],
        what="the running variance of a batch norm, and a 0-d buffer",
        mistakes={"buffers are left out": old, "buffers are copied": new},
    )


def test_other_buffers_are_copied(device):
    average, model = average_and_model(device)

    training.update_average_(average, model, 0.75)

    check(
        average.norm.num_batches_tracked,
        model.norm.num_batches_tracked,
        what="an integer buffer, 0 in the average and 10 in the model",
        mistakes={
            "integer buffers are averaged: copy them": torch.tensor(2, device=device),
            "integer buffers are left out: copy them": torch.tensor(0, device=device),
        },
    )
    check(
        [average.mask, average.codes], [model.mask, model.codes], what="a bool and an int32 buffer"
    )


def test_a_buffer_outside_the_state_dict_is_averaged(device):
    average, model = average_and_model(device)
    old, new = average.scratch.clone(), model.scratch.clone()

    training.update_average_(average, model, 0.75)

    check(
        average.scratch,
        blend(old, new, 0.75),
        what="a buffer registered with persistent=False, under two names",
        mistakes={
            "it is left out: the state_dict does not have it": old,
            "it is averaged once for each of its names": blend(blend(old, new, 0.75), new, 0.75),
        },
    )


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "frozen"])
def test_the_averages_tensors_stay_the_same_objects(tracked, device):
    average, model = average_and_model(device)
    average.requires_grad_(tracked)
    before = [*average.parameters(), *average.buffers()]
    memory = [t.detach() for t in before]

    training.update_average_(average, model, 0.75)

    after = [*average.parameters(), *average.buffers()]
    assert all(a is b for a, b in zip(before, after, strict=True)), (
        "a parameter or buffer of the average is another object now: write into the old one"
    )
    check(
        memory,
        values(after),
        what="what lies in the memory that the average had before, and that others may look at: "
        "write into it, and give no tensor another .data",
    )
    recorded = [t for t in after if t.grad_fn is not None]
    assert not recorded, (
        f"a tensor of the average has a graph now (grad_fn is {recorded[0].grad_fn.name()}): "
        "average under torch.no_grad()"
    )
    check(
        [p.requires_grad for p in average.parameters()],
        [tracked for _ in average.parameters()],
        what="requires_grad of the average's parameters",
    )


def test_three_updates_in_float32_agree_with_torchs_averaged_model(device):
    average, model = average_and_model(device, torch.float32)
    rule = torch.optim.swa_utils.get_ema_multi_avg_fn(0.75)
    torchs = torch.optim.swa_utils.AveragedModel(average, multi_avg_fn=rule, use_buffers=True)
    torchs.update_parameters(average)  # the first update copies

    for _ in range(3):
        training.update_average_(average, model, 0.75)
        torchs.update_parameters(model)

    check(
        values([*average.parameters(), average.norm.running_mean, average.norm.running_var]),
        values(
            [
                *torchs.module.parameters(),
                torchs.module.norm.running_mean,
                torchs.module.norm.running_var,
            ]
        ),
        what="parameters and running statistics after three updates",
    )
