import contextlib
import copy

import pytest
import torch
import write_the_test
from torch import Tensor
from torch.autograd import Function
from torch.autograd.graph import saved_tensors_hooks

from .shared import judge

pytestmark = pytest.mark.task("check_checkpoint")


@contextlib.contextmanager
def random_state_of(state):
    """Compute with the random state of before, and go on with the one of now."""
    now = torch.get_rng_state()
    torch.set_rng_state(state)
    yield
    torch.set_rng_state(now)


@contextlib.contextmanager
def random_state_as_it_is(state):
    yield


@contextlib.contextmanager
def random_state_left(state):
    torch.set_rng_state(state)
    yield


@contextlib.contextmanager
def random_state_kept(state):
    """Compute with the random state of now, and put it back."""
    with torch.random.fork_rng(devices=[]):
        yield


def leaves_of(args):
    """Return the arguments, with a leaf of its own for each tensor that requires grad."""
    return [a.detach().requires_grad_() if requires_grad(a) else a for a in args]


def requires_grad(argument):
    return isinstance(argument, Tensor) and argument.requires_grad


def leaves_of_all(args):
    return [a.detach().requires_grad_() if isinstance(a, Tensor) else a for a in args]


def leaves_where_the_first_is(args):
    tensors = [a for a in args if isinstance(a, Tensor)]
    if tensors and requires_grad(tensors[0]):
        return leaves_of(args)
    return [a.detach() if isinstance(a, Tensor) else a for a in args]


def leaves_and_copies(args):
    return [a if isinstance(a, Tensor) else copy.deepcopy(a) for a in leaves_of(args)]


def gradients_of(args, leaves):
    return [a.grad if requires_grad(a) else None for a in leaves]


def recomputing(
    *,
    state_of=random_state_of,
    incoming=lambda grad_output: grad_output,
    leaves=leaves_of,
    weights=True,
    gradients=gradients_of,
    anchor=True,
    runs=1,
    forward_state_of=random_state_as_it_is,
    kept=False,
    taken=lambda argument: argument,
    shared=False,
):
    """Return the candidate that computes again in a Function's backward.

    Args:
        state_of: runs fn again with the random state that it is given.
        incoming: makes of the incoming gradient what goes backward.
        leaves: makes of the arguments those of the second run.
        weights: whether what fn closes over gets gradients.
        gradients: gives one for each argument, of the arguments and of those of the second run.
        anchor: whether the result has a graph where no argument requires grad.
        runs: of fn, forward.
        forward_state_of: runs fn the first time with the random state that it is given.
        kept: whether the graph of the first run is kept until backward.
        taken: makes of each argument what fn gets.
        shared: whether what a call keeps is kept for all calls alike.
    """

    class Recomputing(Function):
        @staticmethod
        def forward(ctx, anchor, fn, *args):
            args, keeper = [taken(a) for a in args], Recomputing if shared else ctx
            keeper.fn, keeper.args, keeper.state = fn, args, torch.get_rng_state()
            for _ in range(runs - 1):
                with random_state_of(keeper.state):
                    fn(*args)
            with forward_state_of(keeper.state), torch.set_grad_enabled(kept):
                ctx.kept = fn(*args)
            return ctx.kept.detach()

        @staticmethod
        def backward(ctx, grad_output):
            keeper = Recomputing if shared else ctx
            again = leaves(keeper.args)
            with torch.enable_grad(), state_of(keeper.state):
                y = keeper.fn(*again)
            inputs = None if weights else [a for a in again if requires_grad(a)]
            if inputs != []:
                y.backward(incoming(grad_output), inputs=inputs)
            return None, None, *gradients(keeper.args, again)

    def checkpoint(fn, *args):
        start = torch.ones((), requires_grad=anchor)
        return Recomputing.apply(start, fn, *args)

    return checkpoint


def by_hooks(fn, *args):
    state, places, again = torch.get_rng_state(), [], []

    def pack(tensor):
        places.append(len(places))
        return places[-1]

    def unpack(place):
        if not again:
            keeping = saved_tensors_hooks(lambda t: again.append(t.detach()), lambda nothing: None)
            with torch.enable_grad(), random_state_of(state), keeping:
                fn(*args)
        return again[place]

    with saved_tensors_hooks(pack, unpack):
        return fn(*args)


def twice_forward(fn, *args):
    state = torch.get_rng_state()
    with torch.no_grad():
        fn(*args)
    torch.set_rng_state(state)
    return fn(*args)


def by_closure(fn, *args):
    state = torch.get_rng_state()
    with torch.no_grad():
        value = fn(*args)

    class Closure(Function):
        @staticmethod
        def forward(ctx, anchor, *tensors):
            return value

        @staticmethod
        def backward(ctx, grad_output):
            again = leaves_of(args)
            with torch.enable_grad(), random_state_of(state):
                y = fn(*again)
            torch.autograd.backward(y, grad_output)
            return None, *(a.grad for a in again if isinstance(a, Tensor))

    tensors = [a for a in args if isinstance(a, Tensor)]
    return Closure.apply(torch.ones((), requires_grad=True), *tensors)


def first_alone(args, leaves):
    found = gradients_of(args, leaves)
    first = next((i for i, a in enumerate(args) if isinstance(a, Tensor)), None)
    return [gradient if i == first else None for i, gradient in enumerate(found)]


def once_more(args, leaves):
    """Return the gradients of arguments that have got them already."""
    found = gradients_of(args, leaves)
    for argument, gradient in zip(args, found, strict=True):
        if gradient is not None:
            argument.backward(gradient, retain_graph=True)
    return found


RIGHT = {
    "it is a Function that runs the recomputed graph backward": recomputing(),
    "it is a pair of saved-tensor hooks, and its result has fn's own node; none is promised": (
        by_hooks
    ),
    "it runs forward under no_grad, and keeps the arguments in a closure; grad mode where fn runs "
    "first is not promised": by_closure,
    "it keeps the graph of the first run, and does not use it; what is kept is not promised": (
        recomputing(kept=True)
    ),
}

FAULTS = {
    "fn is simply called: all is kept, nothing computed again": lambda fn, *args: fn(*args),
    "the incoming gradient is taken for ones": recomputing(incoming=torch.ones_like),
    "the parameters inside fn get no gradient": recomputing(weights=False),
    "only the first tensor gets a gradient": recomputing(gradients=first_alone),
    "no gradient at all where no argument requires one": recomputing(anchor=False),
    "dropout draws another mask the second time": recomputing(state_of=random_state_as_it_is),
    "the gradients of arguments arrive twice": recomputing(gradients=once_more),
    "backward rewinds the global random state to that of forward": recomputing(
        state_of=random_state_left
    ),
    "fn runs once more than needed, in forward": recomputing(runs=2),
    "an argument that is a number reaches fn as a tensor": recomputing(
        taken=lambda a: torch.tensor(a) if isinstance(a, int) else a
    ),
    "the second run puts the random state back, and draws other numbers": recomputing(
        state_of=random_state_kept
    ),
    "fn runs twice in forward, and never in backward": twice_forward,
    "only the first tensor is asked whether it requires grad": recomputing(
        leaves=leaves_where_the_first_is
    ),
    "the second run gets copies of what is no tensor": recomputing(leaves=leaves_and_copies),
    "a tensor of integers is an error, for it cannot require grad": recomputing(
        leaves=leaves_of_all
    ),
    "forward puts the random state back, so that the next one draws the same": recomputing(
        forward_state_of=random_state_kept
    ),
    "what one call keeps is lost when another checkpoint runs before its backward": recomputing(
        shared=True
    ),
}


def test_check_checkpoint_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_checkpoint, RIGHT, FAULTS)
