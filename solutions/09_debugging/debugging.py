"""Look into a graph, and find where a gradient goes wrong.

For all functions here:

- Values, `.grad`, training modes and hooks of what is looked into are afterwards as they were
  before, also when an error passes through, be it that of Ctrl-C, no `Exception`.
- A model runs in the training modes in which it comes, unless a docstring says otherwise.
- Grad mode is on. A forward pass may be run at will, with or without recording, for the models have
  no layers that it changes, such as batch norm, and none that edits the model's input in place.
- Unless a docstring says otherwise, what the functions return has no graph attached.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

if TYPE_CHECKING:  # matplotlib takes a while to import, and most tasks do without it
    from matplotlib.figure import Figure


def graph_nodes(y: Tensor) -> list[str]:
    """List the backward nodes of y by name, each before those that it hands gradients to.

    A node is reached from `y.grad_fn` along `next_functions`, which holds pairs of a node, or
    None, and a number that does not matter here. Each node is listed once, and after all nodes
    that lead to it: where a short and a long path lead to a node, it comes after both. Any order
    that keeps to this will do.

    Args:
        y: any tensor. Its graph may be a chain of ten thousand nodes.

    Returns:
        The names of all nodes, as `node.name()` gives them, such as "ExpBackward0". A leaf that
        collects a gradient is the node "AccumulateGrad"; its name may keep the namespace before
        it, "torch::autograd::AccumulateGrad". Empty if `y.grad_fn` is None.

    Source: torch.autograd.graph.Node.
    """
    order: list[Node] = []
    seen: set[Node | None] = {None}
    stack = [(y.grad_fn, False)]
    while stack:
        node, producers_are_listed = stack.pop()
        if producers_are_listed and node is not None:
            order.append(node)
        elif node not in seen:
            assert node is not None
            seen.add(node)
            stack.append((node, True))
            stack.extend((producer, False) for producer, _ in node.next_functions)
    return [node.name() for node in reversed(order)]


def graph_mermaid(y: Tensor) -> str:
    """Write the graph behind y as a Mermaid flowchart, which Markdown viewers draw.

    The first line is `flowchart TD`. Then each node has a line `id["Name"]`, and each entry of
    its `next_functions` that is not None has a line `user --> producer` with the ids of both: two
    entries for one producer, as `a * a` has, are two lines. The order of these lines is free, and
    so is what they are indented by.

    An id is letters, digits and underscores, of your choice, another one for each node. The name
    is `node.name()`, with or without the namespace that ends in `::`. The node of a leaf has the
    leaf as its attribute `variable`, as no other node does, and its name is followed by a space and
    the leaf's shape: `AccumulateGrad (2, 3)`, `AccumulateGrad (3,)`, `AccumulateGrad ()`. A
    quotation mark in a name is written `#quot;`.

    Args:
        y: any tensor, with a graph that recursion can follow. Without one (`y.grad_fn` is None) the
            first line is all there is.

    Returns:
        The text. For the mean of a leaf x of shape (3,), squared by `x * x`:

            flowchart TD
                n0["MeanBackward0"]
                n1["MulBackward0"]
                n2["AccumulateGrad (3,)"]
                n0 --> n1
                n1 --> n2
                n1 --> n2

    Source: Mermaid's documentation, "Flowcharts - Basic Syntax".
    """
    ids: dict[Node, str] = {}
    names, edges = [], []
    found = [y.grad_fn] if y.grad_fn is not None else []
    for node in found:  # which grows on the way
        if node not in ids:
            ids[node] = f"n{len(ids)}"
            name = node.name().rpartition("::")[2].replace('"', "#quot;")
            if name == "AccumulateGrad":
                name += f" {tuple(node.variable.shape)}"  # type: ignore[attr-defined]
            names.append(f'    {ids[node]}["{name}"]')
            producers = [producer for producer, _ in node.next_functions if producer is not None]
            edges += [(node, producer) for producer in producers]
            found += producers
    arrows = [f"    {ids[user]} --> {ids[producer]}" for user, producer in edges]
    return "\n".join(["flowchart TD", *names, *arrows])


def capture_output_gradients(
    model: nn.Module, names: Sequence[str], x: Tensor, loss_fn: Callable[[Tensor], Tensor]
) -> dict[str, Tensor]:
    """Return the gradient of `loss_fn(model(x))` with respect to the outputs of submodules.

    Args:
        model: any module. Each named submodule runs once, not in place, and returns a tensor that
            requires grad; the loss depends on it, and no module that follows edits it in place.
            Two modules, such as an `nn.Sequential` and its last one, may return the same tensor.
        names: one or more dotted names, each once, as `model.named_modules()` gives them, such as
            "encoder.0"; not "", which is the model itself.
        x: the model's input.
        loss_fn: takes the model's output and returns a 0-d loss.

    Returns:
        For each name, in the order of `names`, a gradient of the shape of that output.

    Raises:
        KeyError: with the name, if the model has no submodule of that name.

    Source: torch.nn.Module.register_forward_hook.
    """
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    outputs: dict[str, Tensor] = {}

    def keep(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: Any, output: Tensor) -> None:
            outputs[name] = output

        return hook

    handles = [module.register_forward_hook(keep(name)) for name, module in chosen.items()]
    try:
        loss = loss_fn(model(x))
    finally:
        for handle in handles:
            handle.remove()
    gradients = torch.autograd.grad(loss, [outputs[name] for name in names])
    return dict(zip(names, gradients, strict=True))


def gradient_norms(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
) -> list[float]:
    """Measure the norm of each batch's gradient, without taking a step.

    The norm of a batch is the 2-norm of the gradient of `loss_fn(model(x), y)` with respect to all
    trainable parameters together, as if they were one long vector: each parameter once, also if
    two modules share it, and nothing for one that the loss does not use. What is in `.grad` before
    the call has no part in it.

    Args:
        model: has at least one trainable parameter that the loss uses.
        loss_fn: takes the output and y, and returns a 0-d loss.
        batches: pairs (x, y), perhaps from a generator.

    Returns:
        One Python float for each batch, in order.
    """
    params = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        gradients = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        lengths = [gradient.norm() for gradient in gradients if gradient is not None]
        norms.append(torch.stack(lengths).norm().item())
    return norms


def plot_gradient_norms(norms: Sequence[float]) -> Figure:
    """Draw gradient norms over the number of the batch.

    The figure has one `Axes`, and in it one line: the batches' numbers 0, 1, 2, … on the x axis,
    and their norms on the y axis, which has a log scale. Both axes have a label, and the `Axes`
    has a title.

    pyplot, which keeps a list of the figures that it makes and may open windows, has no part in
    it: the figure comes from `matplotlib.figure.Figure`, which you import inside this function
    (the import at the top of the file is for type checkers only). No other state of matplotlib
    changes either.

    Args:
        norms: positive floats, one for each batch, at least one.

    Returns:
        The figure; `figure.savefig("norms.svg")` writes it into a file.

    Source: Matplotlib's guide "Embedding in a web application server", which does without pyplot.
    """
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.plot(range(len(norms)), norms)
    axes.set_yscale("log")
    axes.set(xlabel="batch", ylabel="gradient norm", title="Gradient norm of each batch")
    return figure


class Flow(NamedTuple):
    """The norms of one parameter and its gradient, and their ratio: three Python floats.

    Attributes:
        grad_norm: the 2-norm of the gradient.
        param_norm: the 2-norm of the parameter.
        ratio: `grad_norm / param_norm`.
    """

    grad_norm: float
    param_norm: float
    ratio: float


def gradient_flow(
    model: nn.Module, x: Tensor, y: Tensor, loss_fn: Callable[[Tensor, Tensor], Tensor]
) -> dict[str, Flow]:
    """Compare the gradient of each trainable parameter with the parameter, by their norms.

    The loss is `loss_fn(model(x), y)`. No `.grad` is read or written. A parameter that the loss
    does not use has `grad_norm` 0.0. No element is so small that its square is lost.

    The ratio is `grad_norm / param_norm`, with no epsilon in the denominator, however small it
    is. For a parameter whose norm is 0 the ratio is infinite (`math.inf`) if the gradient's norm
    is not 0, and 0.0 if that is 0 too.

    Args:
        model: any module; the loss uses at least one of its trainable parameters.
        x: its input.
        y: what the loss compares the output with.
        loss_fn: takes the output and y, and returns a 0-d loss.

    Returns:
        A `Flow` for each trainable parameter, by name and in the order of
        `model.named_parameters()`, which has a shared parameter once.
    """
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    loss = loss_fn(model(x), y)
    gradients = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), gradient in zip(params.items(), gradients, strict=True):
        grad_norm = 0.0 if gradient is None else gradient.norm().item()
        param_norm = p.norm().item()
        if not grad_norm:
            ratio = 0.0
        elif not param_norm:
            ratio = math.inf
        else:
            ratio = grad_norm / param_norm
        flows[name] = Flow(grad_norm, param_norm, ratio)
    return flows


def unused_parameters(model: nn.Module, loss: Tensor) -> list[str]:
    """Name the trainable parameters to which no path leads from the loss.

    Such a parameter gets no gradient at all, where every other gets one, be it of zeros: no
    Function on the way gives None. The loss can still be back-propagated afterwards. Whether
    backward runs is free; an error that it raises then passes through.

    Args:
        model: has at least one trainable parameter.
        loss: a 0-d tensor with a graph, computed from the model's output.

    Returns:
        Their names, in the order of `model.named_parameters()`; `[]` if the loss uses all.
    """
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    gradients = torch.autograd.grad(
        loss, list(params.values()), retain_graph=True, allow_unused=True
    )
    return [name for name, gradient in zip(params, gradients, strict=True) if gradient is None]


def first_nan_op(f: Callable[[Tensor], Tensor], x: Tensor) -> str | None:
    """Name the node at which the backward of f turns NaN.

    Backward here is what computes the gradient of f at x. The node is the first, in the order in
    which backward runs them, whose result holds a NaN, for whichever input of the operation that
    depends on x. An infinite gradient is no NaN, and whether f's own value is NaN does not matter.
    Whatever f uses beside its argument is a constant, also x under another name.

    autograd's anomaly mode makes backward raise a RuntimeError at that node. Only the error's text
    tells it from others, and names the node: `Function 'SqrtBackward0' returned nan values in its
    0th output.` The mode may be on or off when this function is called, with or without
    `check_nan`: the function works in any case, and leaves the mode as it was. Whether f runs in
    anomaly mode is free, and torch's warnings may be shown or silenced.

    Args:
        f: returns a 0-d tensor that depends on its argument, which it does not edit. An error that
            it raises passes through, whatever its text, and so does an error in its backward that
            has nothing to do with NaN.
        x: floating, any shape; it may require grad.

    Returns:
        The name of the node, such as "SqrtBackward0", or "CubeRootBackward" for a Function of one's
        own that is called CubeRoot; None if no node's result holds a NaN.
        A NaN may still arise between nodes, where autograd adds up the gradients of a tensor that
        is used twice: inf - inf. Anomaly mode does not look there, nor does this function.

    Source: torch.autograd.set_detect_anomaly.
    """
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    with torch.autograd.set_detect_anomaly(True):
        try:
            torch.autograd.grad(y, leaf)
        except RuntimeError as error:
            found = re.match("Function '(.+)' returned nan values", str(error))
            if found is None:
                raise
            return found[1]
    return None


def breaks_backward(fn: Callable[[Tensor], Tensor], x: Tensor) -> bool:
    """Tell whether fn edits in place what its backward still needs.

    fn is called once, with a copy of x that requires grad and is no leaf, so that it may edit its
    argument too. Then backward runs from the result to the leaf that the copy was made from, and to
    no other, with any incoming gradient, such as ones. The question is whether autograd refuses
    because a tensor that it needs "has been modified by an inplace operation".

    False if backward runs, or has nothing to run: the result has no graph, or one that does not
    lead to the copy. False also if fn edits through `.data`, which autograd does not notice (the
    gradient is then wrong, and nobody is told).

    Args:
        fn: returns a tensor of real numbers, of any shape. Every error that it raises passes
            through, one about an edit in place too, and so does any other error in backward.
        x: floating, any shape; it may require grad.

    Source: "In-place correctness checks" in the PyTorch notes on autograd mechanics.
    """
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y, leaf, torch.ones_like(y), allow_unused=True)
    except RuntimeError as error:
        if "modified by an inplace operation" not in str(error):
            raise
        return True
    return False


def gated_residual(x: Tensor, w: Tensor) -> Tensor:
    """Compute x + x · σ(x w), so that backward runs.

    This version gives the right values, but its backward raises:

        g = torch.sigmoid(x @ w)
        g.mul_(x)
        g.add_(x)
        return g

    Mend it. Editing in place is allowed where autograd does not mind, but x and w stay as they
    are.

    Args:
        x: shape (…, d), any number of leading axes, or none; like w, of any layout.
        w: shape (d, d).

    Returns:
        A tensor of the shape of x, differentiable in x and w, along the gate too.
    """
    return x + x * torch.sigmoid(x @ w)


def dead_units(model: nn.Module, batches: Iterable[Tensor]) -> dict[str, Tensor]:
    """Find the units of every `nn.ReLU` that are active for none of the inputs given.

    Axis 0 of the module's output is the batch, and a unit is one position in the axes after it.
    The unit is dead if its output, as the `nn.ReLU` returns it, is > 0 for no sample of any batch;
    NaN is not > 0.
    The model runs in eval mode.

    Args:
        model: each of its `nn.ReLU` modules, in place or not, runs once for each batch. None is of
            a subclass. A module that follows may edit the output in place.
        batches: input tensors, at least one, perhaps from a generator and of different sizes.

    Returns:
        For the name of each `nn.ReLU`, as `named_modules()` gives it, a bool mask of the shape of
        its output without the batch axis, on the output's device: True where the unit is dead.
        Empty if there is none.
    """
    alive: dict[str, Tensor] = {}

    def watch(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: Any, output: Tensor) -> None:
            active = (output > 0).any(dim=0)
            alive[name] = alive[name] | active if name in alive else active

        return hook

    modes = {module: module.training for module in model.modules()}
    relus = {name: m for name, m in model.named_modules() if isinstance(m, nn.ReLU)}
    handles = [module.register_forward_hook(watch(name)) for name, module in relus.items()]
    try:
        model.eval()
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes.items():
            module.training = mode
    return {name: ~active for name, active in alive.items()}
