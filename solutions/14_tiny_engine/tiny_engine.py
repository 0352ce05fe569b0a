"""The bookkeeping of an engine for reverse mode, like torch's, over NumPy arrays.

A `Node` is a value that knows what it was computed from. An operation makes its result by
`Node.result(data, parents, vjp)`: while recording is on (`GRAD_MODE.enabled`) and a parent requires
grad, the result is recorded: it requires grad, and keeps its parents and its vjp. Otherwise the
result is a constant: it does not require grad and has neither.

The vjp of a node takes its cotangent, a node of its shape, and returns a tuple or a list with a
contribution for each parent, in their order: a node of that parent's shape, or None for nothing. It
computes by operations too, so with recording on its results are recorded, and can be differentiated
again.

Given are `+` and `*` of two nodes of one shape, or of a node and a float: `y * -1.0 + x`.

For all tasks here:

- A leaf is a node without a vjp, and has no parents. A leaf that does not require grad is a
  constant.
- Nodes come from the operators, or were built by hand with any vjp. A node with a vjp requires
  grad, and may have no parents, or the same parent twice. None has been freed, where it does not
  say so.
- A graph may have thousands of nodes in a chain, and 2⁶⁰ paths: no recursion over the graph, and
  each node is visited once. Where nothing is said, each task works on the nodes given alone, and
  changes none.
- No array is changed in place, except by `multiply_`.
- The tasks need none of each other, but may call each other.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class GradMode:
    """Whether operations are recorded."""

    enabled: bool = True


GRAD_MODE = GradMode()


@dataclass
class Version:
    """How often an array was changed in place; nodes with one array have one Version."""

    count: int = 0


def _as_float64(self: Node) -> None:
    self.data = np.asarray(self.data, dtype=np.float64)


def _result(data: Array, parents: Sequence[Node], vjp: Vjp) -> Node:
    if GRAD_MODE.enabled and any(parent.requires_grad for parent in parents):
        return Node(data, requires_grad=True, parents=tuple(parents), vjp=vjp)
    return Node(data)


def _add(x: Node, y: Node | float) -> Node:
    if not isinstance(y, Node):
        return Node.result(x.data + y, (x,), lambda g: (g,))
    _check_shapes(x, y)
    return Node.result(x.data + y.data, (x, y), lambda g: (g, g))


def _mul(x: Node, y: Node | float) -> Node:
    if not isinstance(y, Node):
        return Node.result(x.data * y, (x,), lambda g: (g * y,))
    _check_shapes(x, y)
    return Node.result(x.data * y.data, (x, y), lambda g: (g * y, g * x))


def _check_shapes(x: Node, y: Node) -> None:
    if x.data.shape != y.data.shape:
        raise ValueError(f"the shapes differ: {x.data.shape} and {y.data.shape}")


@dataclass(eq=False)  # a node is equal to itself alone, and can be a key
class Node:
    """A value, and what it was computed from.

    `data` becomes a float64 array, also of shape `()`; a float64 array is kept as it is.
    """

    data: Array
    requires_grad: bool = False
    parents: tuple[Node, ...] = field(default=(), repr=False)
    vjp: Vjp | None = field(default=None, repr=False)
    grad: Node | None = field(default=None, repr=False)
    version: Version = field(default_factory=Version, repr=False)

    __array_ufunc__ = None  # so that NumPy's numbers and arrays leave + and * to the node
    __post_init__ = _as_float64  # type: ignore[misc] # mypy knows only a def as one
    result = staticmethod(_result)
    __add__ = __radd__ = _add
    __mul__ = __rmul__ = _mul


Vjp = Callable[[Node], Sequence[Node | None]]


class no_grad:  # noqa: N801 — named as torch names it
    """Switch recording off for a block or a function, and afterwards back to what it was.

    `with no_grad():` for a block, `@no_grad()` above a function. What recording was is found when
    the block or the call is entered, not before, and comes back at its end, also after an error,
    which goes on. One object may be used again, and may be entered again while it is entered:
    `with off, off:`, or a decorated function that calls itself. Each entry is for itself: recording
    may be switched on again between two of them.

    A decorated function takes and returns what it did, and keeps its `__name__`. A decorated method
    is still one.

    Source: torch.no_grad.
    """

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(GRAD_MODE.enabled)
        GRAD_MODE.enabled = False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        GRAD_MODE.enabled = self._before.pop()

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function with recording off in each of its calls."""

        @functools.wraps(function)
        def unrecorded(*args: P.args, **kwargs: P.kwargs) -> R:
            with self:
                return function(*args, **kwargs)

        return unrecorded


def count_uses(root: Node) -> dict[Node, int]:
    """Return how often each node of a graph is used in it.

    An engine goes on from a node when as many contributions have arrived.

    Returns:
        For root, and for every node that it was computed from, leaves and constants too: how often
        these nodes have it among their `parents`. `x * x` uses x twice; root itself is used 0
        times. Users that root was not computed from do not count. The dict is a new one for each
        call.

    Source: the `dependencies` that torch's engine counts before a backward pass.
    """
    uses = {root: 0}
    to_visit = [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            if parent not in uses:
                uses[parent] = 0
                to_visit.append(parent)
            uses[parent] += 1
    return uses


class Saved:
    """Keep a node for backward, and notice if its array is changed in place meanwhile.

    What changes an array in place adds 1 to `version.count`, and every node of that array has the
    same `Version` object. `Saved` itself changes no count.

    Source: torch's SavedVariable, and the `_version` of its tensors.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._count = node.version.count

    def unpack(self) -> Node:
        """Return that very node, as often as asked.

        Raises:
            RuntimeError: each time, if the array has been changed in place since the node was
                saved, even if no value is another now. Its text has both counts: the one at the
                saving and the present one.
        """
        now = self._node.version.count
        if now != self._count:
            raise RuntimeError(
                "a node needed for backward has been modified by an inplace operation: "
                f"it is at version {now}, and was saved at version {self._count}"
            )
        return self._node


def tap(x: Node, hook: Callable[[Node], Node | None]) -> Node:
    """Return x as a new node, whose cotangent goes through a hook on the way back.

    A hook is an operation that does nothing forward: the new node has x's own array and x's own
    `Version`, x as its parent, and a vjp. Each call of the vjp calls `hook(cotangent)` once, and
    hands on what the hook returns as it is, or the cotangent itself where the hook returns None.

    x stays as it is, and the new node has no `.grad`. Where x is a constant or recording is off,
    the new node is a constant, and the hook is not called. An error of the hook goes on.

    Source: torch.Tensor.register_hook.
    """

    def vjp(cotangent: Node) -> tuple[Node]:
        replaced = hook(cotangent)
        return (cotangent if replaced is None else replaced,)

    result = Node.result(x.data, (x,), vjp)
    result.version = x.version
    return result


def tanh(x: Node) -> Node:
    """Return the hyperbolic tangent of x, elementwise, recorded as `Node.result` does.

    It is one operation, with x as its parent, and right for ±1000 too. The vjp uses the output,
    since tanh′ = 1 − tanh²: `np.tanh` is called once, forward, and never again. The vjp can be
    differentiated again, any number of times, also where its cotangent is a constant.

    Nothing here refers to itself in a circle: once nobody has the result any more, Python frees it
    at once, with all that it alone kept alive, without the garbage collector. Where the vjp is
    called, the result is still there.

    Source: torch.tanh.
    """

    def vjp(cotangent: Node) -> tuple[Node]:
        y = output()
        assert y is not None
        return (cotangent * (y * y * -1.0 + 1.0),)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    output = weakref.ref(result)
    return result


def broadcast_to(x: Node, shape: tuple[int, ...]) -> Node:
    """Return x broadcast to a shape by NumPy's rules, recorded as `Node.result` does.

    It is one operation, with x as its parent, and gives a new node, for x's own shape too. The vjp
    sums the cotangent to x's shape. That sum is an operation too, and recorded as one: its own vjp
    broadcasts, and so on, so that it can be differentiated any number of times.

    The result's array may share memory with x's.

    Args:
        x: of any shape, `()` too, with lengths of at least 1.
        shape: its lengths are at least 1; new axes come in front; an axis of size 1 may become
            longer, or stay 1.

    Raises:
        ValueError: x cannot be broadcast to this shape.

    Source: numpy.broadcast_to, torch.Tensor.sum_to_size.
    """
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)
    new = len(shape) - len(before)
    stretched = tuple(i for i, size in enumerate(shape) if i < new or size != before[i - new])

    def vjp(cotangent: Node) -> tuple[Node]:
        total = cotangent.data.sum(axis=stretched).reshape(before)
        return (Node.result(total, (cotangent,), lambda g: (broadcast_to(g, shape),)),)

    return Node.result(data, (x,), vjp)


def multiply_(x: Node, factor: float) -> Node:
    """Multiply x's own array in place, and return a new node for the result.

    The array changes for all who hold it, also if x is a constant, and its `Version` counts one
    more, for a factor of 1 too.

    The new node has the same array and the same `Version`, and is recorded as `Node.result` does,
    with x as its parent and without `.grad`. Its vjp multiplies the cotangent, by 0 too. x goes on
    standing for the value before: its parents and its vjp stay, so that whoever used x before gets
    the right gradient.

    Raises:
        RuntimeError: x is a leaf that requires grad, and recording is on. Nothing has changed
            then. With recording off such a leaf is changed like any other node.

    Source: torch.Tensor.mul_, without views.
    """
    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad cannot be changed in place while recording")
    x.data *= factor
    x.version.count += 1
    result = Node.result(x.data, (x,), lambda cotangent: (cotangent * factor,))
    result.version = x.version
    return result


def free_graph_(root: Node) -> None:
    """Let go of everything between root and the leaves.

    Every node with a vjp, root too, ends with parents `()` and with a vjp that raises a
    `RuntimeError` which says "second time", a new error in each call. Values, versions,
    `requires_grad`, `.grad` and the leaves stay as they are. Where nobody else has them, the nodes
    between are freed at once, without the garbage collector, while root lives.

    A node of another graph keeps its parents and its vjp; where the two graphs share a part, that
    graph's way back ends at the error. A second call is no error, and neither is a leaf.

    Source: what torch's backward does without retain_graph.
    """

    def freed(cotangent: Node) -> Sequence[Node | None]:
        raise RuntimeError("backward through the graph a second time: it has been freed")

    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp = (), freed


def backward(root: Node, cotangent: Node | None = None) -> None:
    """Add the gradient to `.grad` of every leaf that requires grad.

    `.grad` of no other node is written. A leaf whose `.grad` was None gets the gradient itself, so
    that a second call of the same adds the same once more; a leaf for which no contribution comes
    stays as it was.

    A node's vjp is called once, when all contributions for the node have arrived, with their sum;
    where there are none, it is not called. A contribution may be one node for several parents,
    and the cotangent is the caller's: no array is changed in place.

    Recording is off while the vjps run, and while contributions are added up, to an earlier `.grad`
    too, so that `.grad` has no graph. Afterwards it is as it was found, also on an error, which
    goes on. Whether `.grad` is written where a vjp fails is left open; a later call starts afresh.

    Args:
        root: it requires grad, and may be a leaf itself.
        cotangent: a constant of root's shape, 0 too; None is 1, a new node for each call, and for
            a root of shape `()` alone.

    Raises:
        RuntimeError: cotangent is None, and root has another shape, which the text names.

    Source: torch.autograd.backward.
    """
    if cotangent is None:
        if root.data.shape != ():
            raise RuntimeError(f"a root of shape {root.data.shape} needs a cotangent")
        cotangent = Node(np.asarray(1.0))

    waiting = {root: 0}
    to_visit = [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            if parent not in waiting:
                waiting[parent] = 0
                to_visit.append(parent)
            waiting[parent] += 1

    arrived, ready = {root: cotangent}, [root]
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, False
    try:
        while ready:
            node = ready.pop()
            whole = arrived.pop(node, None)
            if whole is not None and node.vjp is None and node.requires_grad:
                node.grad = whole if node.grad is None else node.grad + whole
            nothing: Sequence[None] = [None] * len(node.parents)
            parts = nothing if whole is None or node.vjp is None else node.vjp(whole)
            for parent, part in zip(node.parents, parts, strict=True):
                if part is not None:
                    arrived[parent] = arrived[parent] + part if parent in arrived else part
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)
    finally:
        GRAD_MODE.enabled = found


def gradients(
    root: Node, inputs: Sequence[Node], cotangent: Node, *, create_graph: bool = False
) -> list[Node | None]:
    """Return the gradient of root for each input, without writing any `.grad`.

    A vjp is called once, with the sum of what arrived, and only if one of the inputs stands behind
    its node; where nothing arrived, it is not called. No array is changed in place.

    With `create_graph` the vjps run with recording on, and so do the sums of contributions,
    whatever recording was, so that what is returned can be differentiated again. Without it all of
    that runs with recording off, and what is returned has no graph. Afterwards recording is as it
    was found, also on an error, which goes on; a later call starts afresh.

    Args:
        root: it requires grad.
        inputs: nodes that require grad: leaves, nodes within the graph, root itself, or nodes that
            have nothing to do with it. One may stand behind another, and one may come twice.
        cotangent: of root's shape. It is a constant, or, with `create_graph`, recorded too.
        create_graph: whether what is returned can be differentiated again.

    Returns:
        For each input its gradient, None where no contribution arrives; a contribution of 0 is one.
        For root that is the cotangent.

    Source: torch.autograd.grad(..., allow_unused=True).
    """
    users: dict[Node, list[Node]] = {root: []}
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        for parent in node.parents:
            if parent not in users:
                users[parent] = []
                to_visit.append(parent)
            users[parent].append(node)

    leads_to_input = set()
    upwards = [x for x in inputs if x in users]
    for node in upwards:
        if node not in leads_to_input:
            leads_to_input.add(node)
            upwards += users[node]

    waiting = {node: len(users[node]) for node in leads_to_input}
    arrived, ready = {root: cotangent}, [root]
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, create_graph
    try:
        while ready:
            node = ready.pop()
            on_the_way = [parent in leads_to_input for parent in node.parents]
            parts: Sequence[Node | None] = [None] * len(node.parents)
            if node in arrived and node.vjp is not None and any(on_the_way):
                parts = node.vjp(arrived[node])
            for parent, part, goes_on in zip(node.parents, parts, on_the_way, strict=True):
                if not goes_on:
                    continue
                if part is not None:
                    arrived[parent] = arrived[parent] + part if parent in arrived else part
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)
    finally:
        GRAD_MODE.enabled = found
    return [arrived.get(x) for x in inputs]
