"""A picture of what your functions hand back; `kata plot 11` draws it."""

import backward_by_hand
import torch
from matplotlib.figure import Figure


def where_a_cotangent_arrives() -> Figure:
    """Draw the gradients for the inputs of four layers, of a cotangent that is 1 at one place."""
    figure = Figure(figsize=(9, 2.9), layout="constrained", facecolor="white")
    figure.suptitle("A cotangent of 1 at the cross: where its gradient arrives")
    for axes, (title, along, grad, place) in zip(
        figure.subplots(1, 4), (_layer_norm(), _batch_norm(), _attention(), _conv2d()), strict=True
    ):
        largest = grad.abs().max().item()
        axes.imshow(grad, cmap="RdBu_r", vmin=-largest, vmax=largest)
        axes.plot(place[1], place[0], "kx", markersize=7)
        axes.set_title(title, fontsize=10)
        axes.set(xlabel=along[1], ylabel=along[0])
        axes.set_xticks([n - 0.5 for n in range(1, grad.shape[1])], minor=True)
        axes.set_yticks([n - 0.5 for n in range(1, grad.shape[0])], minor=True)
        axes.set(xticks=[], yticks=[])
        axes.tick_params(which="minor", length=0)
        axes.grid(which="minor", color="0.85", linewidth=0.6)
    return figure


def _random(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def _one_at(shape, place):
    cotangent = torch.zeros(shape, dtype=torch.float64)
    cotangent[place] = 1
    return cotangent


def _layer_norm():
    x, place = _random(8, 8, seed=9), (3, 5)
    weight = torch.ones(8, dtype=torch.float64)
    grad, *_ = backward_by_hand.layer_norm_backward(_one_at((8, 8), place), x, weight, 1e-5)
    return "layer norm: its row", ("sample", "feature"), grad, place


def _batch_norm():
    x, place = _random(8, 8, seed=11), (3, 5)
    weight = torch.ones(8, dtype=torch.float64)
    grad, *_ = backward_by_hand.batch_norm_backward(_one_at((8, 8), place), x, weight, 1e-5)
    return "batch norm: its column", ("sample", "channel"), grad, place


def _attention():
    q, k, v = (_random(8, 8, seed=seed) for seed in range(3))
    place = 4, 5
    _, grad, _ = backward_by_hand.attention_backward(
        _one_at((8, 8), place), q, k, v, is_causal=True
    )
    return "causal attention: the past", ("token", "feature"), grad, place


def _conv2d():
    x, weight, place = _random(1, 1, 8, 8), _random(1, 1, 3, 3, seed=1), (3, 5)
    grad, _ = backward_by_hand.conv2d_backward(
        _one_at((1, 1, 8, 8), (0, 0, *place)), x, weight, padding=1
    )
    return "convolution: a patch", ("row", "column"), grad[0, 0], place
