import pytest
import torch
import write_the_test

from .shared import judge

pytestmark = pytest.mark.task("check_train_epoch")


def mean_of(losses):
    """Return the mean of pairs of a loss and a number of samples."""
    count = sum(size for _, size in losses)
    if not count:
        raise ValueError("there is no batch")
    return sum(loss * size for loss, size in losses) / count


def before_each_backward(model, optimizer, loss_fn, batches):
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append((loss.item(), len(x)))
    return losses


def train(model, optimizer, loss_fn, batches):
    return mean_of(before_each_backward(model, optimizer, loss_fn, batches))


def by_autograd_grad(model, optimizer, loss_fn, batches):
    losses, params = [], [p for p in model.parameters() if p.requires_grad]
    for x, y in batches:
        loss = loss_fn(model(x), y)
        gradients = torch.autograd.grad(loss, params, allow_unused=True)
        for p, gradient in zip(params, gradients, strict=True):
            p.grad = gradient
        optimizer.step()
        losses.append((loss.item(), len(x)))
    return mean_of(losses)


def clearing_after(model, optimizer, loss_fn, batches):
    losses = []
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append((loss.item(), len(x)))
    return mean_of(losses)


def clearing_at_the_end(model, optimizer, loss_fn, batches):
    optimizer.zero_grad()
    return clearing_after(model, optimizer, loss_fn, batches)


def never_clearing(model, optimizer, loss_fn, batches):
    losses = []
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append((loss.item(), len(x)))
    return mean_of(losses)


def clearing_between(model, optimizer, loss_fn, batches):
    losses = []
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append((loss.item(), len(x)))
    return mean_of(losses)


def one_step(model, optimizer, loss_fn, batches):
    optimizer.zero_grad()
    losses = []
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        losses.append((loss.item(), len(x)))
    optimizer.step()
    return mean_of(losses)


def last_loss(model, optimizer, loss_fn, batches):
    losses = before_each_backward(model, optimizer, loss_fn, batches)
    mean_of(losses)
    return losses[-1][0]


def sum_of_losses(model, optimizer, loss_fn, batches):
    losses = before_each_backward(model, optimizer, loss_fn, batches)
    mean_of(losses)
    return sum(loss for loss, _ in losses)


def mean_of_means(model, optimizer, loss_fn, batches):
    return mean_of(
        [(loss, 1) for loss, _ in before_each_backward(model, optimizer, loss_fn, batches)]
    )


def loss_after(model, optimizer, loss_fn, batches):
    losses = []
    for x, y in batches:
        before_each_backward(model, optimizer, loss_fn, [(x, y)])
        losses.append((loss_fn(model(x), y).item(), len(x)))
    return mean_of(losses)


def without_a_smaller_last(model, optimizer, loss_fn, batches):
    batches = list(batches)
    if batches and len(batches[-1][0]) < len(batches[0][0]):
        batches.pop()
    return train(model, optimizer, loss_fn, batches)


def counting_first(model, optimizer, loss_fn, batches):
    count = sum(len(x) for x, _ in batches)
    if not count:
        raise ValueError("there is no batch")
    losses = before_each_backward(model, optimizer, loss_fn, batches)
    return sum(loss * size for loss, size in losses) / count


def in_training_mode(model, optimizer, loss_fn, batches):
    model.train()
    return train(model, optimizer, loss_fn, batches)


def as_a_tensor(model, optimizer, loss_fn, batches):
    return torch.tensor(train(model, optimizer, loss_fn, batches), dtype=torch.float64)


def zero_for_nothing(model, optimizer, loss_fn, batches):
    losses = before_each_backward(model, optimizer, loss_fn, batches)
    return mean_of(losses) if losses else 0.0


def dividing_by_nothing(model, optimizer, loss_fn, batches):
    losses = before_each_backward(model, optimizer, loss_fn, batches)
    return sum(loss * size for loss, size in losses) / sum(size for _, size in losses)


def asking_the_iterable(model, optimizer, loss_fn, batches):
    if not batches:
        raise ValueError("there is no batch")
    return dividing_by_nothing(model, optimizer, loss_fn, batches)


def swapped(model, optimizer, loss_fn, batches):
    return train(model, optimizer, lambda found, due: loss_fn(due, found), batches)


def meanwhile(training):
    """Return the candidate that trains in this mode, and goes back to that of before."""

    def candidate(model, optimizer, loss_fn, batches):
        before = model.training
        model.train(training)
        mean = train(model, optimizer, loss_fn, batches)
        model.train(before)
        return mean

    return candidate


def ending_in_eval_mode(model, optimizer, loss_fn, batches):
    mean = train(model, optimizer, loss_fn, batches)
    model.eval()
    return mean


def all_in_its_mode(model, optimizer, loss_fn, batches):
    model.train(model.training)
    return train(model, optimizer, loss_fn, batches)


def running_twice(model, optimizer, loss_fn, batches):
    losses = []
    for x, y in batches:
        with torch.no_grad():
            losses.append((loss_fn(model(x), y).item(), len(x)))
        before_each_backward(model, optimizer, loss_fn, [(x, y)])
    return mean_of(losses)


RIGHT = {
    "it clears before each backward": train,
    "it reads all batches into a list first; that it reads them one by one is not promised": (
        lambda model, optimizer, loss_fn, batches: train(model, optimizer, loss_fn, list(batches))
    ),
    "it sets .grad itself, and never calls zero_grad; that it is called is not promised": (
        by_autograd_grad
    ),
    "it leaves the last gradients cleared; what .grad holds afterwards is not promised": (
        clearing_at_the_end
    ),
    "it calls model.train(model.training); a part in a mode of its own is not promised": (
        all_in_its_mode
    ),
}

FAULTS = {
    "gradients are never cleared": never_clearing,
    "gradients are cleared between backward and step, so that nothing is learned": clearing_between,
    "it steps once, after the last batch": one_step,
    "the last batch's loss is returned": last_loss,
    "the sum of the losses is returned": sum_of_losses,
    "a tensor is returned": as_a_tensor,
    "gradients are cleared after each step only: those from before count in the first": (
        clearing_after
    ),
    "batches count alike, however many samples they have": mean_of_means,
    "the loss is taken after the step": loss_after,
    "a smaller last batch is left out": without_a_smaller_last,
    "a generator of batches is used up by counting, and nothing is learned": counting_first,
    "the model is put into training mode": in_training_mode,
    "no batches at all give 0.0 and no error": zero_for_nothing,
    "no batches at all give ZeroDivisionError": dividing_by_nothing,
    "no batches at all give ZeroDivisionError if they are a generator": asking_the_iterable,
    "the arguments of loss_fn are swapped": swapped,
    "a model in training mode runs in eval mode, and is put back": meanwhile(False),
    "a model in eval mode runs in training mode, and is put back": meanwhile(True),
    "the model runs twice for each batch, the first time without a graph": running_twice,
    "the model is left in eval mode": ending_in_eval_mode,
}


def test_check_train_epoch_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_train_epoch, RIGHT, FAULTS)
