"""Pictures of what your functions find; `kata plot 09` draws them."""

import debugging
import torch
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from torch import nn
from torch.nn import functional as F


def small_net(*, width, hidden):
    """Return a net with `hidden` rectified layers; the global random state stays as it is."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        layers = [nn.Linear(8, width), nn.ReLU()]
        for _ in range(hidden - 1):
            layers += [nn.Linear(width, width), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(width, 1))


def samples(number, generator):
    """Return inputs and noisy targets."""
    x = torch.randn(number, 8, generator=generator)
    return x, x.sum(1, keepdim=True).sin() + 0.1 * torch.randn(number, 1, generator=generator)


def gradient_norms_over_batches() -> Figure:
    """Draw the gradient norms of 40 batches; the targets of one are 100 times too large."""
    generator = torch.Generator().manual_seed(0)
    batches = [samples(16, generator) for _ in range(40)]
    x, y = batches[27]
    batches[27] = x, 100 * y
    norms = debugging.gradient_norms(small_net(width=16, hidden=1), F.mse_loss, batches)
    figure = debugging.plot_gradient_norms(norms)
    figure.set_size_inches(6.4, 3.2)
    figure.set_layout_engine("constrained")
    return figure


def dead_relu_units() -> Figure:
    """Draw which units of two layers are dead, before and after a step that is too long."""
    x, y = samples(256, torch.Generator().manual_seed(0))
    y = y - 10  # far from what the net gives at first, so that the gradient is long
    model = small_net(width=32, hidden=2)
    before = debugging.dead_units(model, [x])
    gradients = torch.autograd.grad(F.mse_loss(model(x), y), list(model.parameters()))
    with torch.no_grad():
        for p, gradient in zip(model.parameters(), gradients, strict=True):
            p -= gradient  # a learning rate of 1
    after = debugging.dead_units(model, [x])
    figure = Figure(figsize=(6.4, 3.2), layout="constrained")
    figure.suptitle("Units of two ReLU layers: dead ones are dark")
    colours = ListedColormap(["#cfe3f5", "#8b1a1a"])
    for row, (when, masks) in zip(
        figure.subplots(2, 2), [("at first", before), ("after one step", after)], strict=True
    ):
        for axes, (name, dead) in zip(row, masks.items(), strict=True):
            axes.imshow(dead.reshape(4, 8).int(), cmap=colours, vmin=0, vmax=1)
            axes.vlines([n + 0.5 for n in range(7)], -0.5, 3.5, colors="white", linewidth=2)
            axes.hlines([n + 0.5 for n in range(3)], -0.5, 7.5, colors="white", linewidth=2)
            axes.set(xticks=[], yticks=[])
            axes.set_title(f"layer {name}, {when}: {int(dead.sum())} of 32 dead", fontsize=10)
    return figure
