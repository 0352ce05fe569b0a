import pytest
import torch
import training
from torch import nn
from torch.nn import functional as F

from gradkata.checks import (
    build,
    check,
    inside_no_grad,
    one_by_one,
    raises,
    sample,
    unchanged,
)

from .shared import Probe, modes_of

pytestmark = pytest.mark.task("evaluate")


def scores(answers, classes, device):
    """Return scores below 0 of which the largest in each row are at `answers`."""
    hot = F.one_hot(torch.tensor(answers, device=device), classes).double()
    return hot - sample(hot.shape, device=device, low=2.0, high=2.5)


def graded(answers, labels, device, classes=3):
    """Return a batch for nn.Identity, which answers `answers` where `labels` is right."""
    return scores(answers, classes, device), torch.tensor(labels, device=device)


def test_accuracy_is_the_share_of_samples_that_are_right(device):
    batch = graded([1, 2, 3, 4, 0], [1, 2, 3, 2, 4], device, classes=5)

    accuracy = training.evaluate(nn.Identity(), [batch])

    check(
        accuracy,
        3 / 5,
        what="the accuracy of 3 right out of 5",
        rtol=1e-6,
        mistakes={
            "the wrong ones are counted": 2 / 5,
            "the right ones are not divided by the number of samples": 3.0,
            "it is given in percent": 60.0,
            "the largest score of each class is taken, not of each sample": lambda: (
                (batch[0].argmax(0) == batch[1]).double().mean().item()
            ),
        },
    )


def test_accuracy_counts_samples_and_not_batches(device):
    batches = [
        graded([0, 1, 2, 1, 0], [0, 1, 2, 1, 2], device),
        graded([1], [2], device),
        graded([2, 0], [2, 1], device),
    ]

    accuracy = training.evaluate(nn.Identity(), batches)

    check(
        accuracy,
        5 / 8,
        what="the accuracy of 4 right out of 5, 0 of 1 and 1 of 2",
        rtol=1e-6,
        mistakes={
            "each batch counts the same, whatever its size": (4 / 5 + 0 + 1 / 2) / 3,
            "the last batch alone is counted": 1 / 2,
            "the first batch alone is counted": 4 / 5,
            "the right ones are not divided by the number of samples": 5.0,
            "the right ones are divided by the number of batches": 5 / 3,
        },
    )


def test_accuracy_goes_through_a_generator_once(device):
    batches = [
        (1e-20 * x, y)
        for x, y in [graded([0, 4], [0, 4], device, 5), graded([3, 1, 2], [3, 0, 1], device, 5)]
    ]
    x, y = graded([2, 1], [2, 1], device, 5)
    batches.append((1 + 1e-12 * x, y))
    x, y = graded([1, 2, 1], [1, 0, 0], device, 5)
    batches.append((1e6 * x, y))

    accuracy = training.evaluate(nn.Identity(), one_by_one(batches))

    check(
        accuracy,
        6 / 10,
        what="the accuracy of 6 right out of 10 from a generator, with scores that are close or "
        "of the size 1e6",
        rtol=1e-6,
        mistakes={
            "softmax comes first, and makes scores as close as 1e-20 the same": 5 / 10,
            "every score that is nearly the largest counts as an answer": 8 / 10,
            "scores are rounded to float32, and those near 1 become the same": 4 / 10,
            "scores are clipped, and the large ones become the same": 7 / 10,
        },
    )


def a_classifier(device):
    """Return a probe with a batch norm, in train mode but for one layer, whose bias is frozen."""
    model = Probe(
        build(lambda: nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)), device=device)
    ).train()
    model.model[0].eval().bias.requires_grad_(False)
    return model


def classified(device, sizes=(3, 2)):
    return [
        (sample((n, 3), device=device), torch.tensor([1, 0, 3, 2][:n], device=device))
        for n in sizes
    ]


def test_evaluation_runs_every_module_in_eval_mode(device):
    model = a_classifier(device)

    training.evaluate(model, classified(device))

    assert not any(any(run.modes) for run in model.seen), (
        "the model runs in train mode: dropout and batch norm compute something else there, "
        "call model.eval() first"
    )


def test_evaluation_records_no_graph(device):
    model = a_classifier(device)

    training.evaluate(model, classified(device))

    assert not any(run.recording for run in model.seen), (
        "the model runs with recording on, and builds a graph that no one needs: "
        "run it under torch.no_grad()"
    )


def test_evaluation_gives_each_module_its_own_mode_back(device):
    model = a_classifier(device)
    before, leaf = modes_of(model), model.model[0].weight
    leaf.grad = sample(leaf.shape, device=device)

    with unchanged(*model.parameters(), *model.buffers()):
        training.evaluate(model, classified(device))

    assert any(modes_of(model)), "the model was in train mode and is left in eval mode"
    assert modes_of(model) == before, (
        "a submodule that was in eval mode comes back in train mode: "
        "model.train() sets them all, give each its own mode back"
    )
    check(modes_of(model), before, what="the modes, which are bools")


def test_evaluation_gives_a_shared_module_its_own_mode_back(device):
    shared = nn.Identity()
    model = nn.Sequential(nn.Sequential(shared), nn.Sequential(shared))
    shared.eval()
    before = modes_of(model)

    with inside_no_grad():
        training.evaluate(model, [graded([0, 1], [0, 2], device)])

    assert modes_of(model) == before, (
        "a submodule in eval mode, which two others in train mode share, comes back in another: "
        "train(mode) sets all that is inside a module too, set the attribute `training` of each"
    )


class NoBandwidth(ZeroDivisionError, RuntimeError):
    """Two errors that an answer may have a use for, raised by the model."""


def in_the_model(model, batches):
    def divide_by_zero(module, inputs):
        if len(inputs[0]) == len(batches[-1][0]):
            raise NoBandwidth("division by zero")

    model.model[1].register_forward_pre_hook(divide_by_zero)
    return batches


def by_ctrl_c(model, batches):
    yield from batches
    raise KeyboardInterrupt("stopped by Ctrl-C")


@pytest.mark.parametrize(
    ("spoil", "error", "where"),
    [
        (in_the_model, NoBandwidth, "an error in the model"),
        (by_ctrl_c, KeyboardInterrupt, "Ctrl-C, which raises what is no Exception,"),
    ],
    ids=["the model", "Ctrl-C"],
)
def test_evaluation_gives_the_mode_back_after_an_error(spoil, error, where, device):
    model = a_classifier(device)
    before = modes_of(model)
    batches = spoil(model, classified(device))

    with (
        unchanged(*model.parameters()),
        raises(error, when="the model or the batches raise it", advice="let it pass through"),
    ):
        training.evaluate(model, batches)

    assert modes_of(model) == before, (
        f"after {where} the modes are not what they were: give them back in a finally block"
    )


@pytest.mark.parametrize("none", [list, lambda: one_by_one([])], ids=["list", "generator"])
def test_evaluation_without_data_is_an_error(none, device):
    model = a_classifier(device)
    before = modes_of(model)

    with raises(ValueError, when="there is no batch", advice="count the samples"):
        training.evaluate(model, none())

    assert modes_of(model) == before, (
        "without data, the modes are not what they were: give them back before you raise"
    )
