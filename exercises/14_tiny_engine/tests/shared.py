"""Nodes are built by hand or by the given operators, and gradients are added up path by path."""

import contextlib
import gc
from types import SimpleNamespace

import numpy as np
import pytest
import tiny_engine
import torch

from gradkata.checks import Wrong, check, sample


@pytest.fixture(autouse=True)
def _recording():
    """Switch recording on again after each test, so that no answer makes another's test fail."""
    yield
    # A file that cannot be run has none, and its own error is what a learner is to see.
    getattr(tiny_engine, "GRAD_MODE", SimpleNamespace()).enabled = True


@contextlib.contextmanager
def recording_off():
    tiny_engine.GRAD_MODE.enabled = False
    yield
    tiny_engine.GRAD_MODE.enabled = True


def some(shape=()):
    return sample(shape, device="cpu").numpy()


def leaf(data=None):
    return tiny_engine.Node(some() if data is None else data, requires_grad=True)


def constant(data=None):
    return tiny_engine.Node(some() if data is None else data)


def without_parents():
    """Return a node built by hand with a vjp, which makes it no leaf, and no parents."""
    return tiny_engine.Node(some((3,)), requires_grad=True, vjp=lambda cotangent: ())


def a_chain(of, length):
    """Return nodes that are each computed from the one before."""
    nodes = [of]
    for _ in range(length):
        nodes.append(nodes[-1] * 1.0)
    return nodes


class Watched(tuple):
    """Parents that tell a walk along all paths, which would never end, from one over the nodes."""

    def watch(self, walks):
        self.walks = walks
        return self

    def __iter__(self):
        self.walks.append(self)
        if len(self.walks) > 2000:
            raise Wrong(
                "in a graph of 61 nodes at most, parents were looked at 2000 times: the walk takes "
                "each path, of which there are 2⁵⁰ or more; visit each node once"
            )
        return super().__iter__()


def a_ladder(of, rungs):
    """Return nodes of which each uses the one before twice: 2 to the power of `rungs` paths."""
    nodes, walks = [of], []
    for _ in range(rungs):
        nodes.append(nodes[-1] + nodes[-1])
        nodes[-1].parents = Watched(nodes[-1].parents).watch(walks)
    return nodes


def by_paths(root, x, cotangent):
    """Return the gradient of root for x, path by path; None where no path leads to x."""
    total = cotangent if root is x else None
    parts = root.vjp(cotangent) if root.vjp else ()
    for parent, part in zip(root.parents, parts, strict=True):
        along = None if part is None else by_paths(parent, x, part)
        if along is not None:
            total = along if total is None else total + along
    return total


def as_leaves(*nodes):
    """Return the values as torch's leaves."""
    return [torch.tensor(node.data, requires_grad=True) for node in nodes]


def check_node(yours, expected, *, what, mistakes=None):
    """Compare a node's value; what is expected may be torch's."""
    if not isinstance(yours, tiny_engine.Node):
        raise Wrong(f"{what}: yours is {yours!r}, a Node is due")
    if not isinstance(yours.data, np.ndarray) or yours.data.dtype != np.float64:
        raise Wrong(f"{what}: its data is {yours.data!r}, a float64 array is due")
    due = torch.tensor(expected) if not isinstance(expected, torch.Tensor) else expected.detach()
    check(torch.tensor(yours.data), due.double(), what=what, mistakes=mistakes)


def check_constant(node, *, what):
    if node.requires_grad or node.parents or node.vjp is not None:
        raise Wrong(f"{what} is recorded: a constant is due, without parents and vjp")


def check_recorded(node, *parents, what):
    if not node.requires_grad or node.vjp is None:
        raise Wrong(f"{what} is not recorded: no gradient can flow back through it")
    if [id(parent) for parent in node.parents] != [id(parent) for parent in parents]:
        raise Wrong(f"{what} has other parents than those it was computed from")


def check_own_version(y, x, *, what):
    """Demand a Version of its own, where a node's array lies in memory of its own."""
    if y.version is x.version and not np.shares_memory(y.data, x.data):
        raise Wrong(
            f"{what} has the Version of x: a change of x's array would count as one of its own, "
            "which lies elsewhere"
        )


@contextlib.contextmanager
def without_collector():
    """Let reference counts alone free what nobody has."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


# What nodes and torch's tensors compute alike; c is a constant.
EXPRESSIONS = {
    "x·x + y": lambda x, y, c: x * x + y,
    "x·y·c": lambda x, y, c: x * y * c,
    "x + y + x": lambda x, y, c: x + y + x,
    "a·a + a, a = x·y": lambda x, y, c: (lambda a: a * a + a)(x * y),
    "a·c·x·y + a, a = x + c": lambda x, y, c: (lambda a: a * c * x * y + a)(x + c),
    "3·(x + 2)·(x + 2)·y": lambda x, y, c: (lambda a: a * a * y * 3.0)(x + 2.0),
}
each_expression = pytest.mark.parametrize("named", EXPRESSIONS)


class Logged:
    """Stands for a node's vjp, and keeps each cotangent and whether recording was on."""

    def __init__(self, node, *, error=None):
        self.vjp, self.error = node.vjp, error
        self.seen, self.recording = [], []
        node.vjp = self

    def __call__(self, cotangent):
        self.seen.append(cotangent)
        self.recording.append(tiny_engine.GRAD_MODE.enabled)
        if self.error is not None:
            raise self.error
        return self.vjp(cotangent)


def check_after_an_error(found, error, before, *, raiser):
    """Check a state after an error, in words that need no index."""
    end, enabled = found
    if end not in ("raised", "swallowed"):
        raise Wrong(f"of {raiser} that raised {error.__name__}, {end} came out: it is to go on")
    if end != "raised":
        raise Wrong(f"the {error.__name__} of {raiser} is swallowed: it is to go on")
    if enabled != before:
        words = {True: "on", False: "off"}
        raise Wrong(
            f"after a {error.__name__} of {raiser}, recording is {words[enabled]}: "
            f"it was {words[before]} before, and is to be so again"
        )


def state_after_an_error(call, error):
    """Return whether the error goes on, and whether recording is on then."""
    try:
        call()
    except error:
        return "raised", tiny_engine.GRAD_MODE.enabled
    except Exception as other:
        if isinstance(other.__context__, error):
            return type(other).__name__, tiny_engine.GRAD_MODE.enabled
        raise
    return "swallowed", tiny_engine.GRAD_MODE.enabled
