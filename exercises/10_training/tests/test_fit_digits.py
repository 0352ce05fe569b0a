import copy
from collections import Counter
from contextlib import contextmanager
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
import training
from torch import nn

from gradkata.checks import build, check, unchanged

from .shared import Probe, values

pytestmark = pytest.mark.task("fit_digits")


@cache
def all_digits():
    """Return pixels in [0, 1], a row of 64 for each image, and labels."""
    with np.load(Path(__file__).parents[1] / "digits.npz") as file:
        pixels, labels = file["pixels"], file["labels"]
    return torch.from_numpy(pixels).flatten(1).float() / 16, torch.from_numpy(labels).long()


def digits(device, count=None):
    """Return train and test: of the first `count` images every fifth is held back.

    Of 134 images, 107 are left: no size of a batch divides that.
    """
    pixels, labels = (t[:count].to(device) for t in all_digits())
    held_back = torch.arange(len(labels), device=device) % 5 == 0
    return (pixels[~held_back], labels[~held_back]), (pixels[held_back], labels[held_back])


def an_mlp(device, hidden=128):
    layers = build(
        lambda: nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10)),
        device=device,
    )
    return layers.float()


def accuracy_of(model, pixels, labels):
    with torch.no_grad():
        return (model(pixels).argmax(1) == labels).double().mean().item()


@contextmanager
def one_thread():
    """Compute in one thread: on a busy machine, two that wait for each other take forever."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def fit(model, train, test, *, epochs, seed=0, skipped=0):
    """Fit a copy of the model; return it and the history."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(skipped):
        torch.rand((), generator=generator)
    model = copy.deepcopy(model)
    with one_thread():
        history = training.fit_digits(model, train, test, epochs=epochs, generator=generator)
    return model, history


def test_the_model_itself_is_trained(device):
    train, test = digits(device, count=134)
    start = an_mlp(device, 8)

    model, _ = fit(start, train, test, epochs=1)

    pairs = zip(start.parameters(), model.parameters(), strict=True)
    assert not all(torch.equal(a, b) for a, b in pairs), (
        "after an epoch the model has the weights that it came with: train the model itself"
    )


@pytest.mark.parametrize("epochs", [0, 1, 3])
def test_the_history_has_the_accuracy_after_each_epoch(epochs, device):
    (train, _), (_, test) = digits(device, count=134), digits(device)
    before = an_mlp(device)

    with unchanged(*train, *test):
        model, history = fit(before, train, test, epochs=epochs)

    assert isinstance(history, list), f"it returns a {type(history).__name__}, a list is due"
    check(len(history), epochs, what=f"the length of the history of {epochs} epochs")
    check(
        history[-1:],
        [accuracy_of(model, *test)][:epochs],
        what=f"the accuracy after the last epoch, with epochs = {epochs}",
        rtol=1e-6,
        mistakes={
            "it is the accuracy on train: the accuracy on test is due": lambda: [
                accuracy_of(model, *train)
            ],
            "it is computed before the epoch": lambda: [
                accuracy_of(fit(before, train, test, epochs=epochs - 1)[0], *test)
            ],
            "it is given in percent": lambda: [100 * accuracy_of(model, *test)],
        },
    )


def rows_of(x):
    """Return the images of a batch as keys."""
    return [row.tobytes() for row in x.detach().cpu().numpy()]


def trained_on(model):
    """Return the images that a probe was given while recording was on, in order."""
    return [row for run in model.seen if run.recording for row in rows_of(run.x)]


def test_test_images_are_looked_at_without_recording(device):
    train, test = digits(device, count=134)
    probe = Probe(an_mlp(device, 8))

    fit(probe, train, test, epochs=2)

    recorded = set(trained_on(probe)) & set(rows_of(test[0]))
    assert not recorded, (
        "images of test go through the model while recording is on: "
        "compute the accuracy under torch.no_grad(), and train on train alone"
    )


def test_an_epoch_goes_once_through_every_training_image(device):
    train, test = digits(device, count=134)
    probe = Probe(an_mlp(device, 8))

    fit(probe, train, test, epochs=3)

    seen, count = trained_on(probe), len(train[1])
    check(len(seen), 3 * count, what=f"the images trained on in 3 epochs of {count} images")
    epochs = [Counter(seen[i : i + count]) for i in range(0, 3 * count, count)]
    assert all(epoch == Counter(rows_of(train[0])) for epoch in epochs), (
        "an epoch does not have each image of train once, as it is: "
        "go through a permutation of them"
    )


def test_each_epoch_has_a_new_order(device):
    train, test = digits(device, count=134)
    probe = Probe(an_mlp(device, 8))

    fit(probe, train, test, epochs=3)

    seen, count = trained_on(probe), len(train[1])
    epochs = [seen[i : i + count] for i in range(0, len(seen), count)]
    assert not any(share_an_order(epoch, rows_of(train[0])) for epoch in epochs), (
        "an epoch goes through the images in the order in which they are given: shuffle them"
    )
    assert not any(share_an_order(a, b) for a, b in pairwise(epochs)), (
        "two epochs go through the images in the same order: draw a new one for each"
    )


def share_an_order(one, other):
    """Tell whether most images have the same one after them, as in a rotated order too."""
    return len(set(pairwise(one)) & set(pairwise(other))) > len(one) / 2


def test_fifteen_epochs_get_95_percent_of_the_held_back_digits_right(device):
    train, test = digits(device)

    _, history = fit(an_mlp(device), train, test, epochs=15)

    check(len(history), 15, what="the length of the history of 15 epochs, all of which are run")
    best = max(history)
    assert best >= 0.95, (
        f"the best of {len(history)} epochs gets {best:.1%} of the held-back digits right, 95% are "
        "due: try another learning rate, smaller batches, or another optimizer"
    )


def accuracies_after_each_epoch(probe, train, test):
    """Return the accuracy on test with the weights that a probe had at the end of each epoch."""
    ends, trained = [], 0
    for run in probe.seen:
        if trained == len(train[1]) * (len(ends) + 1):
            ends.append(run.weights)
        trained += run.recording * len(run.x)
    model = copy.deepcopy(probe.model)
    return [accuracy_with(model, weights, *test) for weights in ends]


def accuracy_with(model, weights, pixels, labels):
    with torch.no_grad():
        for p, w in zip(model.parameters(), weights, strict=True):
            p.copy_(w)
    return accuracy_of(model, pixels, labels)


def test_the_same_generator_gives_the_same_history_and_weights(device):
    train, test = digits(device, count=134)
    start = an_mlp(device, 16)

    first, history = fit(start, train, test, epochs=2)
    second, again = fit(start, train, test, epochs=2)

    what = "a second time, with a generator in the same state"
    check(again, history, what=f"the history {what}", rtol=1e-6)
    check(values(second.parameters()), values(first.parameters()), what=f"the parameters {what}")


@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"skipped": 1}], ids=["another seed", "a draw later"]
)
def test_the_order_comes_from_the_generator(other, device):
    train, test = digits(device, count=134)
    probes = [Probe(an_mlp(device, 8)) for _ in range(2)]

    fit(probes[0], train, test, epochs=1)
    fit(probes[1], train, test, epochs=1, **other)

    assert trained_on(probes[0]) != trained_on(probes[1]), (
        "a generator in another state gives the same order: draw the order from generator itself"
    )


def guessed(start, train):
    """Return labels that the model agrees with after one epoch, and later less and less."""
    return fit(start, train, train, epochs=1)[0](train[0]).argmax(1)


def test_each_accuracy_is_that_after_its_own_epoch(device):
    train, _ = digits(device, count=134)
    start = an_mlp(device, 16)
    test = train[0], guessed(start, train)
    probe = Probe(start)

    _, history = fit(probe, train, test, epochs=4)

    due = accuracies_after_each_epoch(probe, train, test)
    check(
        history,
        due,
        what="the accuracies after 4 epochs",
        rtol=1e-6,
        mistakes={
            "the accuracy after the last epoch stands for all": due[-1:] * 4,
            "the best accuracy so far is reported": list(accumulate(due, max)),
        },
    )


def test_the_weights_do_not_depend_on_test(device):
    train, _ = digits(device, count=90)
    start = an_mlp(device, 16)
    guess = guessed(start, train)

    falling, _ = fit(start, train, (train[0], guess), epochs=15)
    rising, _ = fit(start, train, train, epochs=15)

    check(
        values(rising.parameters()),
        values(falling.parameters()),
        what="the parameters after test was replaced by another, which must have no effect on them",
    )
