"""Each function is compared with torch's gradients or a closed form, and by what it leaves."""

import gradient_flow
import numpy as np
import pytest
import torch
from torch import nn

from gradkata.checks import build, check, counted, raises, sample, unchanged

SHAPES = [(4, 3), (4, 1), ()]

any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)
either_dtype = pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)


def a_leaf(shape, device, *, grad=True, **options):
    """Return a leaf that requires grad, with a random `.grad` if asked."""
    p = sample(shape, device=device, requires_grad=True, **options)
    p.grad = sample(shape, device=device, dtype=p.dtype) if grad else None
    return p


def one_by_one(items):
    """Give the items as a generator, which can be gone through once."""
    yield from items


def grads(params):
    return [p.grad for p in params]


def copies(tensors):
    return [t.detach().clone() for t in tensors]


def same_objects(yours, due):
    return all(mine is theirs for mine, theirs in zip(yours, due, strict=True))


def backward_raises(loss):
    """Tell whether torch refuses to back-propagate this loss."""
    try:
        loss.backward()
    except RuntimeError:
        return True
    return False


def weighted(y, seed=1.0):
    """Return a 0-d function of y whose gradient is nowhere constant."""
    weights = torch.linspace(seed, 2 * seed, y.numel(), dtype=y.dtype, device=y.device)
    return (y.sin().flatten() * weights).sum()


def gradient_of(f, x):
    """Return the gradient of f at x, from a leaf of its own."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]


# clear_gradients_


@pytest.mark.task("clear_gradients_")
def test_clearing_leaves_no_gradient(device):
    params = [a_leaf(shape, device) for shape in SHAPES]
    zeros = [torch.zeros_like(p) for p in params]

    gradient_flow.clear_gradients_(params)

    check(
        grads(params),
        [None, None, None],
        what=".grad of the parameters",
        mistakes={"gradients are zeroed although set_to_none is True": zeros},
    )


@pytest.mark.task("clear_gradients_")
def test_zeroing_leaves_zeros(device):
    params = [a_leaf(shape, device) for shape in SHAPES]

    gradient_flow.clear_gradients_(params, set_to_none=False)

    check(
        grads(params),
        [torch.zeros(shape, dtype=torch.float64, device=device) for shape in SHAPES],
        what=".grad with set_to_none=False",
        mistakes={"set_to_none is not looked at": [None, None, None]},
    )


@pytest.mark.task("clear_gradients_")
@pytest.mark.parametrize("set_to_none", [True, False])
def test_clearing_goes_through_a_generator_once(set_to_none, device):
    params = [a_leaf(shape, device) for shape in SHAPES]
    due = [None if set_to_none else torch.zeros_like(p.grad) for p in params]
    before = copies(grads(params))

    gradient_flow.clear_gradients_(one_by_one(params), set_to_none=set_to_none)

    check(
        grads(params),
        due,
        what=".grad of parameters that came from a generator",
        mistakes={
            "the generator is used up before the loop that clears: loop once": before,
            "an earlier look takes the first parameter off the generator": [before[0], *due[1:]],
        },
    )


@pytest.mark.task("clear_gradients_")
@pytest.mark.parametrize("set_to_none", [True, False])
def test_clearing_skips_a_parameter_without_a_gradient(set_to_none, device):
    bare, other = a_leaf((4, 3), device, grad=False), a_leaf((4, 1), device)
    due = None if set_to_none else torch.zeros_like(other.grad)

    gradient_flow.clear_gradients_([bare, other], set_to_none=set_to_none)

    check(
        [bare.grad, other.grad],
        [None, due],
        what=".grad of two parameters, the first of which had none",
        mistakes={
            "a gradient of zeros is made where there was none": [torch.zeros_like(bare), due],
            "the loop ends at the first parameter without a gradient": [None, other.grad],
        },
    )


@pytest.mark.task("clear_gradients_")
@pytest.mark.parametrize("set_to_none", [True, False])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_clearing_takes_a_single_tensor(shape, set_to_none, device):
    p = a_leaf(shape, device)
    before = p.grad.clone()

    gradient_flow.clear_gradients_(p, set_to_none=set_to_none)

    check(
        p.grad,
        None if set_to_none else torch.zeros_like(before),
        what=f".grad of a single tensor of shape {shape}",
        mistakes={"the loop runs over the rows of the tensor, which are no leaves": before},
    )


@pytest.mark.task("clear_gradients_")
def test_zeroing_keeps_the_gradient_tensor(device):
    params = [a_leaf(shape, device) for shape in SHAPES]
    before = grads(params)

    gradient_flow.clear_gradients_(params, set_to_none=False)

    assert same_objects(grads(params), before), (
        "with set_to_none=False .grad is another tensor than before: "
        "set the one that is there to zero in place"
    )


@pytest.mark.task("clear_gradients_")
def test_zeroing_takes_the_graph_off_a_gradient(device):
    p = a_leaf((4, 3), device, grad=False)
    (p.grad,) = torch.autograd.grad(weighted(p), p, create_graph=True)
    before = p.grad

    gradient_flow.clear_gradients_([p], set_to_none=False)

    assert not p.grad.requires_grad, (
        "a gradient from create_graph=True was zeroed, and still has its graph "
        f"(grad_fn is {p.grad.grad_fn and p.grad.grad_fn.name()}): detach it in place too"
    )
    check(p.grad, torch.zeros_like(p), what=".grad with set_to_none=False")
    assert p.grad is before, "detach the gradient in place: .grad is another tensor than before"


@pytest.mark.task("clear_gradients_")
def test_zeroing_clears_nan_and_infinity(device):
    p = a_leaf((3,), device)
    p.grad = torch.tensor([float("nan"), float("inf"), 1.0], dtype=torch.float64, device=device)

    gradient_flow.clear_gradients_([p], set_to_none=False)

    check(
        p.grad,
        torch.zeros(3, dtype=torch.float64, device=device),
        what=".grad after zeroing [nan, inf, 1]",
        mistakes={
            "the gradient is multiplied by 0: nan · 0 and inf · 0 are nan": lambda: torch.tensor(
                [float("nan"), float("nan"), 0.0]
            )
        },
    )


@pytest.mark.task("clear_gradients_")
def test_setting_to_none_leaves_the_old_gradient_to_whoever_holds_it(device):
    p = a_leaf((4, 3), device)
    held, before = p.grad, p.grad.clone()

    gradient_flow.clear_gradients_([p])

    check(
        held,
        before,
        what="the tensor that .grad was, which the test still holds",
        mistakes={"it is zeroed before .grad is set to None": torch.zeros_like(before)},
    )


@pytest.mark.task("clear_gradients_")
def test_clearing_takes_the_gradient_of_a_frozen_parameter_too(device):
    p = a_leaf((4, 3), device).requires_grad_(False)
    before = p.grad.clone()

    gradient_flow.clear_gradients_([p])

    check(
        p.grad,
        None,
        what=".grad of a frozen parameter",
        mistakes={"parameters that do not require grad are skipped": before},
    )
    assert not p.requires_grad, "a frozen parameter requires grad after the call: leave it frozen"


@pytest.mark.task("clear_gradients_")
@pytest.mark.parametrize("set_to_none", [True, False])
@either_dtype
def test_clearing_leaves_the_parameters_themselves(dtype, set_to_none, device):
    params = [a_leaf(shape, device, dtype=dtype) for shape in SHAPES]
    before = copies(params)

    gradient_flow.clear_gradients_(params, set_to_none=set_to_none)

    check(copies(params), before, what="the values of the parameters")
    assert all(p.requires_grad for p in params), (
        "a parameter does not require grad any more after the call: leave requires_grad alone"
    )


# accumulate_


def two_parameters(device, *, grad, **options):
    return [
        a_leaf((4, 3), device, grad=grad, **options),
        a_leaf((4, 1), device, grad=grad, **options),
    ]


def losses_of(w, b):
    """Return losses of two parameters, each with a graph of its own."""
    return [
        lambda: weighted(w * b),
        lambda: (w + b.exp()).square().mean(),
        lambda: weighted(w / 2 - b, 3),
    ]


def gradient_of_each(loss_fns, params):
    return [list(torch.autograd.grad(loss_fn(), params)) for loss_fn in loss_fns]


def sums(gradients):
    return [sum(column) for column in zip(*gradients, strict=True)]


@pytest.mark.task("accumulate_")
@either_dtype
def test_accumulating_leaves_the_sum_over_all_losses(dtype, device):
    params = two_parameters(device, grad=False, dtype=dtype)
    loss_fns = losses_of(*params)
    each = gradient_of_each(loss_fns, params)

    gradient_flow.accumulate_(params, loss_fns)

    check(
        grads(params),
        sums(each),
        what=".grad after three losses",
        mistakes={
            "only the last loss counts, as when .grad is cleared between the losses": each[-1],
            "only the first loss counts": each[0],
        },
    )


@pytest.mark.task("accumulate_")
def test_accumulating_starts_without_stale_gradients(device):
    params = two_parameters(device, grad=True)
    loss_fns = losses_of(*params)
    stale, each = copies(grads(params)), gradient_of_each(loss_fns, params)

    gradient_flow.accumulate_(params, loss_fns)

    check(
        grads(params),
        sums(each),
        what=".grad of parameters that had one before the call",
        mistakes={"what .grad held before the call is added in": sums([stale, *each])},
    )


@pytest.mark.task("accumulate_")
def test_accumulating_takes_generators(device):
    params = two_parameters(device, grad=True)
    loss_fns = losses_of(*params)
    stale, each = copies(grads(params)), gradient_of_each(loss_fns, params)

    gradient_flow.accumulate_(one_by_one(params), one_by_one(loss_fns))

    check(
        grads(params),
        sums(each),
        what=".grad, with params and loss_fns given as generators",
        mistakes={
            "params or loss_fns is used up by a first loop, and a second one finds nothing": [
                None,
                None,
            ],
            "params is used up before the loop that drops stale gradients": sums([stale, *each]),
            "a generator is used up by a first loop, and what follows finds nothing": stale,
        },
    )


@pytest.mark.task("accumulate_")
def test_a_parameter_that_no_loss_uses_ends_without_a_gradient(device):
    used, unused = two_parameters(device, grad=True)
    stale = unused.grad.clone()

    gradient_flow.accumulate_([used, unused], [lambda: weighted(used), lambda: weighted(used, 3)])

    check(
        unused.grad,
        None,
        what=".grad of a parameter that no loss uses",
        mistakes={
            "stale gradients are zeroed, not dropped": torch.zeros_like(stale),
            "only parameters that a loss uses lose their stale gradient": stale,
        },
    )


@pytest.mark.task("accumulate_")
def test_parameters_with_one_gradient_get_a_tensor_each(device):
    a, b = (a_leaf((4, 3), device, grad=False) for _ in range(2))
    weights = sample((4, 3), device=device)

    gradient_flow.accumulate_([a, b], [lambda: ((a + b) * weights).sum()] * 2)

    check(
        grads([a, b]),
        [2 * weights] * 2,
        what=".grad of a and b after two losses Σ(a + b)·w",
        mistakes={
            "a and b share one tensor as .grad, and each adds to it": lambda: [3 * weights] * 2
        },
    )


@pytest.mark.task("accumulate_")
def test_a_parameter_that_is_used_with_no_effect_gets_zeros(device):
    p = a_leaf((4, 3), device)

    gradient_flow.accumulate_([p], [lambda: (p * 0).sum()])

    check(p.grad, torch.zeros_like(p).detach(), what=".grad of a parameter that is used, times 0")


@pytest.mark.task("accumulate_")
def test_a_parameter_that_only_one_loss_uses_gets_the_gradient_of_that_one(device):
    w, b = two_parameters(device, grad=False)
    due = [gradient_of(weighted, w), gradient_of(lambda b: weighted(b, 3), b)]

    gradient_flow.accumulate_([w, b], [lambda: weighted(w), lambda: weighted(b, 3)])

    check(grads([w, b]), due, what=".grad of two parameters, each used by one loss")


@pytest.mark.task("accumulate_")
def test_accumulating_calls_each_loss_once_and_keeps_the_parameters(device):
    params = two_parameters(device, grad=True)
    before = copies(params)
    loss_fns = [counted(loss_fn) for loss_fn in losses_of(*params)]

    gradient_flow.accumulate_(params, loss_fns)

    calls = [loss_fn.calls for loss_fn in loss_fns]
    assert calls == [1, 1, 1], f"the three losses were called {calls} times: call each once"
    check(copies(params), before, what="the values of the parameters")


# backward_times_


def loss_that_saves(x):
    """Return a loss, and a tensor inside its graph; exp saves its result for backward."""
    inside = x.exp()
    return weighted(inside), inside


@pytest.mark.task("backward_times_")
@pytest.mark.parametrize("n", [1, 2, 5])
def test_n_passes_give_n_times_the_gradient(n, device):
    x = a_leaf((4, 3), device, grad=False)
    loss, _ = loss_that_saves(x)
    once = gradient_of(lambda x: loss_that_saves(x)[0], x)

    gradient_flow.backward_times_(loss, n)

    check(
        x.grad,
        n * once,
        what=f".grad for n = {n}",
        mistakes={
            "backward runs n + 1 times": (n + 1) * once,
            "backward runs once, whatever n is": once,
            "backward runs n - 1 times": (n - 1) * once,
        },
    )


@pytest.mark.task("backward_times_")
@any_layout
@either_dtype
def test_passes_add_to_the_gradient_that_is_there(dtype, layout, device):
    x = a_leaf(**layout, device=device, dtype=dtype)
    stale = x.grad.clone()
    loss, _ = loss_that_saves(x)
    once = gradient_of(lambda x: loss_that_saves(x)[0], x)

    gradient_flow.backward_times_(loss, 3)

    check(
        x.grad,
        stale + 3 * once,
        what=".grad of a leaf that had one before the call, n = 3",
        mistakes={
            "what .grad held before the call is dropped": 3 * once,
            "what .grad held before the call is multiplied by n too": 3 * stale + 3 * once,
        },
    )


@pytest.mark.task("backward_times_")
@pytest.mark.parametrize("n", [1, 3])
def test_the_last_pass_frees_the_graph(n, device):
    loss, _ = loss_that_saves(a_leaf((4, 3), device, grad=False))

    gradient_flow.backward_times_(loss, n)

    assert backward_raises(loss), (
        f"after backward_times_(loss, {n}) one more loss.backward() goes through: the graph is "
        "still there. Keep it for the passes before the last one only"
    )


@pytest.mark.task("backward_times_")
@pytest.mark.parametrize("n", [1, 3])
def test_a_hook_inside_the_graph_runs_in_each_pass(n, device):
    loss, inside = loss_that_saves(a_leaf((4, 3), device, grad=False))
    hook = counted(lambda grad: None)
    inside.register_hook(hook)

    gradient_flow.backward_times_(loss, n)

    assert hook.calls == n, (
        f"a hook on a tensor inside the graph ran {hook.calls} times for n = {n}: "
        "run backward n times; one pass with n times the gradient is not the same"
    )


@pytest.mark.task("backward_times_")
def test_each_pass_carries_the_gradient_itself(device):
    loss, inside = loss_that_saves(a_leaf((4, 3), device, grad=False))
    once = gradient_of(weighted, inside)
    seen = []
    inside.register_hook(lambda grad: seen.append(grad.clone()))

    gradient_flow.backward_times_(loss, 3)

    check(seen, [once, once, once], what="gradients that a hook inside the graph saw, n = 3")


@pytest.mark.task("backward_times_")
def test_passes_leave_the_values(device):
    x = a_leaf((4, 3), device)
    loss, _ = loss_that_saves(x)
    before = copies([x, loss])

    gradient_flow.backward_times_(loss, 2)

    check(copies([x, loss]), before, what="the values of x and of the loss")


# two_losses_one_graph


def steep(y):
    return (y.exp() / 3).mean()


def curved(x):
    return (x * 1.5).tanh() + x.square() / 4


def both_gradients(f, x):
    return gradient_of(lambda x: weighted(f(x)), x), gradient_of(lambda x: steep(f(x)), x)


@pytest.mark.task("two_losses_one_graph")
@any_layout
@either_dtype
def test_each_loss_has_a_gradient_of_its_own(dtype, layout, device):
    x = sample(**layout, device=device, dtype=dtype)
    first, second = both_gradients(curved, x)
    total = first + second

    with unchanged(x):
        yours = gradient_flow.two_losses_one_graph(curved, weighted, steep, x)

    check(
        yours,
        (first, second),
        what="the two gradients",
        mistakes={
            "the second gradient is added to the first, as .grad does": (first, total),
            "both are the sum of the two: keep the two apart": (total, total),
            "the two are in the wrong order": (second, first),
            "both are the gradient of l1": (first, first),
            "both are the gradient of l2": (second, second),
        },
    )


@pytest.mark.task("two_losses_one_graph")
def test_two_losses_share_one_forward(device):
    f = counted(curved)

    gradient_flow.two_losses_one_graph(f, weighted, steep, sample((4, 3), device=device))

    assert f.calls == 1, (
        f"f was called {f.calls} times: call it once, and back-propagate both losses through "
        "that one graph"
    )


@pytest.mark.task("two_losses_one_graph")
def test_f_may_change_the_shape(device):
    x, matrix = sample((4, 3), device=device), sample((3, 2), device=device)

    yours = gradient_flow.two_losses_one_graph(lambda x: x @ matrix, weighted, steep, x)

    due = both_gradients(lambda x: x @ matrix, x)
    check(yours, due, what="the two gradients, with f(x) of another shape than x")


@pytest.mark.task("two_losses_one_graph")
def test_two_losses_leave_an_x_that_requires_grad_as_it_was(device):
    x = a_leaf((4, 3), device)

    with unchanged(x):
        yours = gradient_flow.two_losses_one_graph(curved, weighted, steep, x)

    due = both_gradients(curved, x)
    check(yours, due, what="the two gradients, where x requires grad and has a .grad")


@pytest.mark.task("two_losses_one_graph")
def test_two_losses_leave_the_parameters_of_f_as_they_were(device):
    f, x = build(lambda: nn.Linear(3, 2), device=device), sample((4, 3), device=device)

    with unchanged(f):
        yours = gradient_flow.two_losses_one_graph(f, weighted, steep, x)

    check(yours, both_gradients(f, x), what="the two gradients, where f has parameters")


# stop_gradient_product


def bowl(x):
    return (x.square() + x / 3).mean() + 0.5


@pytest.mark.task("stop_gradient_product")
@any_layout
@either_dtype
def test_g_counts_with_its_value_alone(dtype, layout, device):
    x = sample(**layout, device=device, dtype=dtype)
    through_f = bowl(x) * gradient_of(weighted, x)
    through_g = weighted(x) * gradient_of(bowl, x)

    with unchanged(x):
        gradient = gradient_flow.stop_gradient_product(weighted, bowl, x)

    check(
        gradient,
        through_f,
        what="the gradient of f(x)·g(x) with g held constant",
        mistakes={
            "g is not held constant: this is the full product rule": through_f + through_g,
            "f is held constant instead of g": through_g,
            "the value of g is left out: it is a constant factor": gradient_of(weighted, x),
        },
    )


@pytest.mark.task("stop_gradient_product")
def test_f_and_g_may_be_the_same_function(device):
    x = sample((4, 3), device=device)
    through_one = weighted(x) * gradient_of(weighted, x)

    gradient = gradient_flow.stop_gradient_product(weighted, weighted, x)

    check(
        gradient,
        through_one,
        what="the gradient of f(x)·f(x) with the second factor held constant",
        mistakes={"no factor is held constant": 2 * through_one},
    )


@pytest.mark.task("stop_gradient_product")
def test_g_may_return_its_argument(device):
    x = sample((), device=device)

    gradient = gradient_flow.stop_gradient_product(torch.square, lambda x: x, x)

    check(gradient, 2 * x * x, what="the gradient of x² · g(x) with g(x) = x held constant")


@pytest.mark.task("stop_gradient_product")
def test_the_product_leaves_an_x_that_requires_grad_as_it_was(device):
    x = a_leaf((4, 3), device)
    due = bowl(x.detach()) * gradient_of(weighted, x)

    with unchanged(x):
        gradient = gradient_flow.stop_gradient_product(weighted, bowl, x)

    check(gradient, due, what="the gradient, where x requires grad and has a .grad")


@pytest.mark.task("stop_gradient_product")
def test_the_product_leaves_the_parameters_of_f_and_g_as_they_were(device):
    f, g = (build(lambda: nn.Linear(3, 2), device=device) for _ in range(2))
    x = sample((4, 3), device=device)
    due = weighted(g(x)).detach() * gradient_of(lambda x: weighted(f(x)), x)

    with unchanged(f, g):
        gradient = gradient_flow.stop_gradient_product(
            lambda x: weighted(f(x)), lambda x: weighted(g(x)), x
        )

    check(gradient, due, what="the gradient, where f and g have parameters")


# intermediate_grads


def three_layers(device):
    return build(lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), device=device)


def gradients_by_hand(layers, x):
    """Return dL/dx and dL/dh for the output h of each of the three layers, by the chain rule."""
    first, tanh, last = layers
    h2 = tanh(first(x)).detach()
    grad_h3 = gradient_of(weighted, last(h2))
    grad_h2 = grad_h3 @ last.weight.detach()
    grad_h1 = grad_h2 * (1 - h2.square())
    return grad_h1 @ first.weight.detach(), grad_h1, grad_h2, grad_h3


@pytest.mark.task("intermediate_grads")
@either_dtype
def test_every_output_has_its_gradient(dtype, device):
    layers, x = three_layers(device).to(dtype), sample((5, 3), device=device, dtype=dtype)
    grad_x, *due = gradients_by_hand(layers, x)

    yours = gradient_flow.intermediate_grads(layers, x, weighted)

    check(
        yours,
        due,
        what="gradients of the three outputs",
        mistakes={
            ".grad is read of tensors that are no leaves: it stays None": [None, None, None],
            "they come in reverse order": due[::-1],
            "each is taken with respect to the layer's input": [grad_x, *due[:-1]],
            "the gradient of x is put in front": [grad_x, *due],
            "the last output is left out": due[:-1],
        },
    )


@pytest.mark.task("intermediate_grads")
def test_neither_gradients_nor_hooks_are_left_behind(device):
    layers, x = three_layers(device), sample((5, 3), device=device)

    with unchanged(layers), unchanged(x):
        gradient_flow.intermediate_grads(layers, x, weighted)


@pytest.mark.task("intermediate_grads")
def test_gradients_that_were_there_before_are_left_alone(device):
    layers, x = three_layers(device), a_leaf((5, 3), device)
    weighted(layers(x)).backward()

    with unchanged(layers), unchanged(x):
        gradient_flow.intermediate_grads(layers, x, weighted)


@pytest.mark.task("intermediate_grads")
def test_everything_may_be_frozen(device):
    layers, x = three_layers(device).requires_grad_(False), sample((5, 3), device=device)
    _, *due = gradients_by_hand(layers, x)

    with unchanged(layers), unchanged(x):
        yours = gradient_flow.intermediate_grads(layers, x, weighted)

    check(yours, due, what="gradients of the three outputs, with all parameters frozen")


@pytest.mark.task("intermediate_grads")
def test_layers_may_come_from_a_generator(device):
    layers, x = three_layers(device), sample((5, 3), device=device)
    _, *due = gradients_by_hand(layers, x)

    yours = gradient_flow.intermediate_grads(one_by_one(layers), x, weighted)

    check(yours, due, what="gradients of the outputs of three layers from a generator")


@pytest.mark.task("intermediate_grads")
@any_layout
def test_a_layer_may_stand_there_twice(layout, device):
    x, layer = sample(**layout, device=device), nn.Tanh()
    h2 = x.tanh().tanh()
    grad_h2 = gradient_of(weighted, h2)
    due = [grad_h2 * (1 - h2.square()), grad_h2]

    yours = gradient_flow.intermediate_grads([layer, layer], x, weighted)

    check(
        yours,
        due,
        what="gradients of the two outputs of a layer that stands there twice",
        mistakes={"outputs are kept by layer, and the second replaces the first": due[1:]},
    )


@pytest.mark.task("intermediate_grads")
def test_a_layer_may_return_its_input(device):
    x = sample((4, 3), device=device)
    due = gradient_of(weighted, x)

    with unchanged(x):
        yours = gradient_flow.intermediate_grads([nn.Identity(), nn.Identity()], x, weighted)

    check(yours, [due, due], what="gradients of the outputs of two nn.Identity")


# snapshot


def values_of(t, dtype=np.float64):
    """Return the values, through Python numbers."""
    return np.array(t.tolist(), dtype=dtype)


@pytest.mark.task("snapshot")
@any_layout
def test_a_snapshot_has_the_values(layout, device):
    t = sample(**layout, device=device)

    with unchanged(t):
        array = gradient_flow.snapshot(t)

    check(array, values_of(t), what="the snapshot of a torch.float64 tensor")


@pytest.mark.task("snapshot")
@any_layout
def test_a_snapshot_may_be_taken_of_a_leaf_and_inside_a_graph(layout, device):
    x = a_leaf(**layout, device=device)
    inside = x.exp()

    with unchanged(x, inside):
        arrays = [gradient_flow.snapshot(x), gradient_flow.snapshot(inside)]

    check(arrays, [values_of(x), values_of(inside)], what="the snapshots of x and exp(x)")


@pytest.mark.task("snapshot")
@any_layout
def test_later_changes_do_not_reach_a_snapshot(layout, device):
    t = sample(**layout, device=device)
    before = values_of(t)

    array = gradient_flow.snapshot(t)
    t.add_(1)

    check(
        array,
        before,
        what="the snapshot, after t.add_(1)",
        mistakes={
            "the array shares memory with the tensor: Tensor.numpy does not copy": values_of(t)
        },
    )


@pytest.mark.task("snapshot")
@pytest.mark.parametrize(
    ("dtype", "due"), [(torch.float32, np.float32), (torch.float16, np.float16)], ids=str
)
def test_a_snapshot_keeps_the_dtype(dtype, due, device):
    t = sample((4, 3), device=device, dtype=dtype)

    check(gradient_flow.snapshot(t), values_of(t, due), what=f"the snapshot of a {dtype} tensor")


@pytest.mark.task("snapshot")
def test_a_snapshot_of_bfloat16_is_float32(device):
    t = sample((4, 3), device=device, dtype=torch.bfloat16, requires_grad=True)

    with unchanged(t):
        array = gradient_flow.snapshot(t)

    check(array, values_of(t, np.float32), what="the snapshot of a bfloat16 tensor")


@pytest.mark.task("snapshot")
def test_a_snapshot_of_a_parameter_outlives_a_step(device):
    p = build(lambda: nn.Linear(3, 2), device=device).weight
    before = values_of(p)

    with unchanged(p):
        array = gradient_flow.snapshot(p)
    with torch.no_grad():
        p.add_(1)

    check(array, before, what="the snapshot of a parameter, after the parameter changed")


# predict


def normed_model(device):
    """Return a model whose batch norm has seen other data, so that its two modes differ."""
    model = build(lambda: nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)), device=device)
    model[1].running_mean.copy_(sample((4,), device=device))
    model[1].running_var.copy_(sample((4,), device=device, low=0.5))
    return model


def dropping_model(device):
    return build(
        lambda: nn.Sequential(nn.Linear(3, 40), nn.Sequential(nn.Dropout(0.5), nn.Tanh())),
        device=device,
    )


class Failing(nn.Module):
    """A model that raises in the middle of its work."""

    def __init__(self):
        super().__init__()
        self.norm, self.dropout = nn.BatchNorm1d(3), nn.Dropout(0.5)

    def forward(self, x):
        raise LookupError(f"no output for shape {tuple(self.norm(x).shape)}")


@pytest.mark.task("predict")
@either_dtype
def test_batch_norm_uses_its_running_statistics(dtype, device):
    model = normed_model(device).to(dtype)
    (linear, norm), x = model, sample((5, 3), device=device, dtype=dtype)
    h = linear(x).detach()
    mean, var = norm.running_mean.clone(), norm.running_var.clone()
    batch_var, batch_mean = torch.var_mean(h, 0, correction=0)

    output = gradient_flow.predict(model, x)

    check(
        output,
        (h - mean) / (var + norm.eps).sqrt(),
        what="the output of a model with batch norm",
        mistakes={
            "the model runs in train mode: batch norm uses the batch's own statistics": (
                (h - batch_mean) / (batch_var + norm.eps).sqrt()
            )
        },
    )


@pytest.mark.task("predict")
def test_dropout_does_nothing(device):
    model, x = dropping_model(device), sample((5, 3), device=device)
    due = model[0](x).detach().tanh()

    with unchanged(model), unchanged(x):
        output = gradient_flow.predict(model, x)

    check(output, due, what="the output of a model with dropout, which eval mode turns off")


@pytest.mark.task("predict")
def test_the_output_has_no_graph_even_if_x_requires_grad(device):
    model, x = normed_model(device), a_leaf((5, 3), device)

    with unchanged(model), unchanged(x):
        output = gradient_flow.predict(model, x)

    assert not output.requires_grad, (
        "the output has a graph: run the model without recording one, even if x requires grad"
    )


@pytest.mark.task("predict")
@pytest.mark.parametrize(
    "modes",
    [(False, False, False), (True, False, True), (False, True, False), (True, True, False)],
    ids=str,
)
def test_every_submodule_gets_its_own_mode_back(modes, device):
    model, x = dropping_model(device), sample((5, 3), device=device)
    model.training, model[1].training, model[1][0].training = modes

    with unchanged(model), unchanged(x):
        gradient_flow.predict(model, x)


@pytest.mark.task("predict")
def test_a_submodule_that_two_others_share_gets_its_own_mode_back(device):
    shared = nn.Dropout()
    model = nn.Sequential(nn.Sequential(shared), nn.Sequential(shared))
    shared.eval()

    gradient_flow.predict(model, sample((4, 3), device=device))

    assert not shared.training, (
        "a dropout in eval mode, shared by two blocks in train mode, is in train mode afterwards: "
        "module.train(mode) sets what is below too; set each module's own .training"
    )


@pytest.mark.task("predict")
@pytest.mark.parametrize("enabled", [True, False])
def test_grad_mode_stays_as_it_was(enabled, device):
    model, x = normed_model(device), sample((5, 3), device=device)

    with torch.set_grad_enabled(enabled):
        gradient_flow.predict(model, x)
        after = torch.is_grad_enabled()

    assert after == enabled, (
        f"torch.is_grad_enabled() was {enabled} before the call and is {after} after it: "
        "switch recording off in a with-block around the model's run"
    )


@pytest.mark.task("predict")
def test_modes_come_back_when_the_model_raises(device):
    model, x = build(Failing, device=device), sample((5, 3), device=device)
    model.dropout.eval()

    with raises(LookupError, when="the model raises it: let it pass through"):
        gradient_flow.predict(model, x)

    modes = {name or "model": m.training for name, m in model.named_modules()}
    assert modes == {"model": True, "norm": True, "dropout": False}, (
        f"the model raised, and the modes are {modes} now, where dropout alone was in eval mode "
        "before: put them back also when an error passes through"
    )


@pytest.mark.task("predict")
def test_grad_mode_comes_back_when_the_model_raises(device):
    model, x = build(Failing, device=device), sample((5, 3), device=device)

    with raises(LookupError, when="the model raises it: let it pass through"):
        gradient_flow.predict(model, x)

    assert torch.is_grad_enabled(), (
        "torch.is_grad_enabled() is False after the model raised: "
        "switch recording off in a with-block, which ends also when an error passes through"
    )


# freeze_


class Tree(nn.Module):
    """A module whose names resemble each other, with a weight that has two names."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3))
        self.encoder2 = nn.Linear(3, 3)
        self.old = nn.ModuleDict({"encoder": nn.Linear(3, 3)})
        self.blocks = nn.ModuleList(nn.Linear(1, 1) for _ in range(11))
        self.tied = nn.Linear(3, 4)
        self.tied.weight = self.encoder[0].weight


def frozen(model):
    """Return the names of all frozen parameters, every name of a tied one among them."""
    return {n for n, p in model.named_parameters(remove_duplicate=False) if not p.requires_grad}


def listed(names):
    return ", ".join(sorted(names))


@pytest.mark.task("freeze_")
@pytest.mark.parametrize(
    ("prefix", "due"),
    [
        ("encoder2", {"encoder2.weight", "encoder2.bias"}),
        ("encoder.2", {"encoder.2.weight", "encoder.2.bias"}),
        ("old", {"old.encoder.weight", "old.encoder.bias"}),
    ],
)
def test_freezing_stops_the_gradients_of_a_submodule(prefix, due, device):
    model = build(Tree, device=device)

    gradient_flow.freeze_(model, prefix)

    left, caught = due - frozen(model), frozen(model) - due
    assert not left, f"freeze_(module, {prefix!r}) leaves {listed(left)} trainable"
    assert not caught, f"freeze_(module, {prefix!r}) freezes {listed(caught)} too"


@pytest.mark.task("freeze_")
@pytest.mark.parametrize(
    ("prefix", "due"),
    [
        ("encoder", {f"encoder.{i}.{name}" for i in (0, 2) for name in ("weight", "bias")}),
        ("blocks.1", {"blocks.1.weight", "blocks.1.bias"}),
    ],
)
def test_freezing_does_not_reach_similar_names(prefix, due, device):
    model = build(Tree, device=device)

    gradient_flow.freeze_(model, prefix)

    caught = frozen(model) - due - {"tied.weight"}
    assert not caught, (
        f"freeze_(module, {prefix!r}) freezes {listed(caught)} too: "
        "a path is met whole, name by name from its start, not as a piece of text"
    )
    left = due - frozen(model)
    assert not left, f"freeze_(module, {prefix!r}) leaves {listed(left)} trainable"


@pytest.mark.task("freeze_")
def test_freezing_reaches_a_tied_parameter_under_its_second_name(device):
    model = build(Tree, device=device)

    gradient_flow.freeze_(model, "tied")

    assert not model.tied.weight.requires_grad, (
        "freeze_(module, 'tied') leaves tied.weight trainable, which is also encoder.0.weight: "
        "named_parameters() of the whole module gives a tied parameter under its first name only; "
        "ask the submodule for its parameters"
    )
    caught = frozen(model) - {"tied.weight", "tied.bias", "encoder.0.weight"}
    assert not caught, f"freeze_(module, 'tied') freezes {listed(caught)} too"


@pytest.mark.task("freeze_")
@pytest.mark.parametrize(("prefix", "due"), [("encoder", 4), ("encoder.0", 2), ("tied", 2)])
def test_freezing_returns_how_many_parameters_match(prefix, due, device):
    model = build(Tree, device=device)
    elements = sum(p.numel() for p in model.get_submodule(prefix).parameters())

    count = gradient_flow.freeze_(model, prefix)

    check(
        count,
        due,
        what=f"the count for {prefix!r}",
        mistakes={"elements are counted, and not parameters": elements},
    )


@pytest.mark.task("freeze_")
def test_parameters_that_are_frozen_already_count_too(device):
    model = build(Tree, device=device)
    model.encoder[0].requires_grad_(False)

    count = gradient_flow.freeze_(model, "encoder")

    check(
        count,
        4,
        what="the count for 'encoder', half of it frozen before",
        mistakes={"only parameters that were still trainable are counted": 2},
    )


@pytest.mark.task("freeze_")
def test_stale_gradients_go_also_where_a_parameter_was_frozen_before(device):
    model = build(Tree, device=device)
    first, last = model.encoder[0].weight, model.encoder[2].weight
    first.grad, last.grad = torch.ones_like(first), torch.ones_like(last)
    ones = last.grad.clone()
    first.requires_grad_(False)

    gradient_flow.freeze_(model, "encoder")

    check(
        grads([last, first]),
        [None, None],
        what=".grad of two frozen parameters, the second of them frozen before the call",
        mistakes={
            "stale gradients are left: an optimizer would still step along them": [ones, ones.T],
            "a parameter that was frozen before keeps its stale gradient": [None, ones.T],
            "stale gradients are zeroed: set .grad to None": [0 * ones, 0 * ones.T],
        },
    )


@pytest.mark.task("freeze_")
def test_freezing_leaves_the_training_mode_alone(device):
    model = build(lambda: nn.Sequential(nn.Linear(3, 2), nn.Dropout()), device=device)

    gradient_flow.freeze_(model, "0")

    assert model[0].training, (
        "the frozen submodule was in train mode and is in eval mode afterwards: "
        "freezing concerns parameters alone"
    )


@pytest.mark.task("freeze_")
def test_freezing_leaves_everything_else_alone(device):
    model = build(Tree, device=device).eval()
    model.old.requires_grad_(False)
    before = copies(model.parameters())
    model.encoder2.weight.grad = torch.ones_like(model.encoder2.weight)

    with unchanged(model.encoder2, model.old, model.blocks):
        gradient_flow.freeze_(model, "encoder")

    check(copies(model.parameters()), before, what="the values of the parameters")


@pytest.mark.task("freeze_")
@pytest.mark.parametrize("prefix", ["enc", "encoder.7", "encoder.0.deeper", "coder2"])
def test_an_unknown_path_is_a_key_error(prefix, device):
    model = build(Tree, device=device)

    with unchanged(model), raises(KeyError, when=f"no submodule is at {prefix!r}", naming=[prefix]):
        gradient_flow.freeze_(model, prefix)


@pytest.mark.task("freeze_")
def test_a_submodule_without_parameters_is_a_key_error(device):
    model = build(Tree, device=device)
    case = "the submodule at 'encoder.1', an nn.ReLU, has no parameters"

    with unchanged(model), raises(KeyError, when=case, naming=["encoder.1"]):
        gradient_flow.freeze_(model, "encoder.1")


# sgd_step_


@pytest.mark.task("sgd_step_")
@pytest.mark.forbid("torch.optim", reason="subtract lr · p.grad from p in place")
@either_dtype
def test_a_step_moves_against_the_gradient(dtype, device):
    params = [a_leaf(shape, device, dtype=dtype) for shape in SHAPES]
    old, steps = copies(params), [0.1 * p.grad for p in params]

    gradient_flow.sgd_step_(params, 0.1)

    check(
        copies(params),
        [p - step for p, step in zip(old, steps, strict=True)],
        what="parameters after a step at lr 0.1",
        mistakes={
            "p = p - … only gives a new tensor the name p: the parameter itself does not move": old,
            "the step goes up the gradient": [p + s for p, s in zip(old, steps, strict=True)],
            "lr is left out": [p - 10 * s for p, s in zip(old, steps, strict=True)],
        },
    )


@pytest.mark.task("sgd_step_")
def test_a_step_takes_a_generator_and_strided_parameters(device):
    p = a_leaf((4, 3), device, strided=True)
    due = p.detach() - 0.1 * p.grad

    gradient_flow.sgd_step_(one_by_one([p]), 0.1)

    check(p.detach(), due, what="a strided parameter from a generator, after a step at lr 0.1")


@pytest.mark.task("sgd_step_")
def test_a_step_skips_a_parameter_without_a_gradient(device):
    bare, other = a_leaf((4, 3), device, grad=False), a_leaf((4, 1), device)
    due = [bare.detach().clone(), other.detach() - 0.1 * other.grad]
    before = copies([bare, other])

    gradient_flow.sgd_step_([bare, other], 0.1)

    check(
        copies([bare, other]),
        due,
        what="two parameters after a step, the first of which has no gradient",
        mistakes={"the loop ends at the first parameter without a gradient": before},
    )
    check(bare.grad, None, what=".grad of the parameter that had none")


@pytest.mark.task("sgd_step_")
def test_a_step_leaves_the_gradients(device):
    params = [a_leaf(shape, device) for shape in SHAPES]
    before = copies(grads(params))

    gradient_flow.sgd_step_(params, 0.1)

    check(
        grads(params),
        before,
        what=".grad after a step at lr 0.1",
        mistakes={
            "gradients are cleared: leave that to the caller": [None, None, None],
            "gradients are zeroed: leave that to the caller": [torch.zeros_like(g) for g in before],
            "lr is multiplied into .grad itself, in place": [0.1 * g for g in before],
            "-lr is multiplied into .grad itself, in place": [-0.1 * g for g in before],
        },
    )


@pytest.mark.task("sgd_step_")
def test_a_step_leaves_leaves_that_require_grad(device):
    params = [a_leaf(shape, device) for shape in SHAPES]

    gradient_flow.sgd_step_(params, 0.1)

    assert all(p.requires_grad for p in params), (
        "a parameter does not require grad any more after the step: leave requires_grad alone"
    )
    assert all(p.is_leaf for p in params), (
        "a parameter is no leaf any more after the step: step under torch.no_grad()"
    )


@pytest.mark.task("sgd_step_")
def test_a_step_along_a_gradient_with_a_graph_records_nothing(device):
    p = a_leaf((4, 3), device, grad=False)
    (p.grad,) = torch.autograd.grad(weighted(p), p, create_graph=True)

    gradient_flow.sgd_step_([p], 0.1)

    assert p.is_leaf, (
        f"after a step along a gradient from create_graph=True, p has a graph "
        f"({p.grad_fn.name()}) and is no leaf: step under torch.no_grad()"
    )
    assert p.grad.requires_grad, "the gradient lost its graph in the step: leave .grad as it was"


@pytest.mark.task("sgd_step_")
def test_autograd_notices_a_step(device):
    p = a_leaf((4, 3), device)
    loss = p.square().mean()

    gradient_flow.sgd_step_([p], 0.1)

    assert backward_raises(loss), (
        "a graph that saved p before the step goes through backward after it, with the new "
        "values of p and without a word: change p itself under torch.no_grad(), not p.data, "
        "whose changes autograd does not see"
    )


# gradient_descent


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def descend(x0, slope, *, lr, steps):
    """Return the path by the recurrence, for a gradient that is known in closed form."""
    path = [x0.detach().clone()]
    for _ in range(steps):
        path.append(path[-1] - lr * slope(path[-1]))
    return torch.stack(path)


@pytest.mark.task("gradient_descent")
@any_layout
@either_dtype
def test_the_path_on_a_quadratic_is_a_geometric_series(dtype, layout, device):
    x0 = sample(**layout, device=device, dtype=dtype)
    due = torch.stack([x0 * 0.7**k for k in range(4)])
    summed = torch.stack([x0, 0.7 * x0, 0.19 * x0, -0.377 * x0])

    path = gradient_flow.gradient_descent(lambda x: 1.5 * x.square().sum(), x0, lr=0.1, steps=3)

    check(
        path,
        due,
        what="the path on f(x) = 1.5·|x|² at lr 0.1, three steps",
        mistakes={
            "every row is the same tensor, which the steps changed in place": due[-1:].expand(
                due.shape
            ),
            "gradients accumulate from step to step": summed,
            "the steps go up the gradient": torch.stack([x0 * 1.3**k for k in range(4)]),
            "x0 is left out of the path": due[1:],
            "the last point is left out of the path": due[:-1],
            "the gradient at x0 is used in every step": torch.stack(
                [x0 * (1 - 0.3 * k) for k in range(4)]
            ),
        },
    )


@pytest.mark.task("gradient_descent")
@pytest.mark.parametrize("make", [sample, a_leaf], ids=["plain x0", "x0 requires grad"])
def test_descending_leaves_x0_where_it_was(make, device):
    x0 = make((4, 3), device=device)
    due = descend(x0, lambda x: 2 * x, lr=0.1, steps=3)

    with unchanged(x0):
        path = gradient_flow.gradient_descent(lambda x: x.square().sum(), x0, lr=0.1, steps=3)

    check(path, due, what="the path on f(x) = |x|²")


@pytest.mark.task("gradient_descent")
def test_no_steps_give_x0_alone(device):
    x0 = sample((4, 3), device=device)

    path = gradient_flow.gradient_descent(lambda x: x.square().sum(), x0, lr=0.1, steps=0)

    check(path, x0.unsqueeze(0), what="the path of 0 steps")


@pytest.mark.task("gradient_descent")
def test_the_path_is_a_copy_of_x0(device):
    x0 = sample((4, 3), device=device)
    due = x0.clone().unsqueeze(0)

    path = gradient_flow.gradient_descent(lambda x: x.square().sum(), x0, lr=0.1, steps=0)
    x0.add_(1)

    check(path, due, what="the path of 0 steps, after a later x0.add_(1)")


@pytest.mark.task("gradient_descent")
def test_descending_goes_down_rosenbrocks_valley(device):
    x0 = torch.tensor([-1.2, 1.0], dtype=torch.float64, device=device)

    path = gradient_flow.gradient_descent(rosenbrock, x0, lr=1e-3, steps=50)

    def slope(x):
        bend = x[1] - x[0] ** 2
        return torch.stack([-2 * (1 - x[0]) - 400 * x[0] * bend, 200 * bend])

    check(path, descend(x0, slope, lr=1e-3, steps=50), what="50 steps on Rosenbrock's function")
    heights = rosenbrock(path.T)
    assert (heights.diff() < 0).all(), "Rosenbrock's function grows along the path"


@pytest.mark.task("gradient_descent")
def test_descending_leaves_the_parameters_of_f_as_they_were(device):
    model = build(lambda: nn.Linear(3, 2), device=device)
    weight, bias = model.weight.detach(), model.bias.detach()
    x0 = sample((3,), device=device)
    due = descend(x0, lambda x: 2 * (weight @ x + bias) @ weight, lr=0.1, steps=2)

    with unchanged(model), unchanged(x0):
        path = gradient_flow.gradient_descent(
            lambda x: model(x).square().sum(), x0, lr=0.1, steps=2
        )

    check(path, due, what="the path where f has parameters")


# truncated_backward_


class Recurrence(nn.Module):
    """h ← tanh(w · h + x), with one weight for each element of the state."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.rand(4, 3))

    def forward(self, x, h):
        return (self.w * h + x).tanh()


def run_by_hand(step, h, inputs, *, losses_at, cuts_at):
    """Return the gradient of w and the last state, with losses and cuts after these counts."""
    losses = []
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        losses += [weighted(h)] * (count in losses_at)
        h = h.detach() if count in cuts_at else h
    return torch.autograd.grad(sum(losses), step.w)[0], h.detach()


def a_sequence(device, length, **options):
    return [sample((4, 3), device=device, **options) for _ in range(length)]


@pytest.mark.task("truncated_backward_")
@either_dtype
def test_the_gradient_stops_where_each_chunk_begins(dtype, device):
    step = build(Recurrence, device=device).to(dtype)
    h0, *inputs = a_sequence(device, 7, dtype=dtype)

    def by_hand(losses_at, cuts_at):
        return run_by_hand(step, h0, inputs, losses_at=losses_at, cuts_at=cuts_at)[0]

    halves = (inputs[:3], inputs[3:])
    from_h0 = [run_by_hand(step, h0, half, losses_at=(3,), cuts_at=())[0] for half in halves]

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 3)

    check(
        step.w.grad,
        by_hand((3, 6), (3,)),
        what="the gradient of w, 6 inputs in chunks of 3",
        mistakes={
            "h is never cut: each loss reaches back to the first input": by_hand((3, 6), ()),
            "h is cut too often: each loss reaches back over one input": by_hand((3, 6), range(6)),
            "the state starts over at h0 with every chunk": sum(from_h0),
            "only the last chunk's loss is back-propagated": by_hand((6,), (3,)),
            "one loss is back-propagated at the end, through all inputs": by_hand((6,), ()),
            "every input has a loss, not only the last of a chunk": by_hand(range(7), (3,)),
        },
    )


@pytest.mark.task("truncated_backward_")
@pytest.mark.parametrize(("every", "whole"), [(2, (2, 4)), (3, (3,))])
def test_a_shorter_rest_is_a_chunk_too(every, whole, device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    due, _ = run_by_hand(step, h0, inputs, losses_at=(*whole, 5), cuts_at=whole)
    without_rest, _ = run_by_hand(step, h0, inputs, losses_at=whole, cuts_at=whole)

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, every)

    check(
        step.w.grad,
        due,
        what=f"the gradient of w, 5 inputs in chunks of {every}",
        mistakes={"the rest after the last whole chunk is left out": without_rest},
    )


@pytest.mark.task("truncated_backward_")
@pytest.mark.parametrize("every", [3, 9])
def test_a_chunk_may_hold_all_inputs(every, device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 4)
    due, _ = run_by_hand(step, h0, inputs, losses_at=(3,), cuts_at=())

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, every)

    check(step.w.grad, due, what=f"the gradient of w, 3 inputs in chunks of {every}")


@pytest.mark.task("truncated_backward_")
def test_chunks_of_one_cut_after_every_input(device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 4)
    due, _ = run_by_hand(step, h0, inputs, losses_at=(1, 2, 3), cuts_at=(1, 2, 3))

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 1)

    check(step.w.grad, due, what="the gradient of w, 3 inputs in chunks of 1")


@pytest.mark.task("truncated_backward_")
@pytest.mark.parametrize("every", [2, 5])
def test_the_last_state_comes_back_without_a_graph(every, device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    _, due = run_by_hand(step, h0, inputs, losses_at=(5,), cuts_at=())

    with unchanged(h0, *inputs):
        h = gradient_flow.truncated_backward_(step, h0, inputs, weighted, every)

    check(h, due, what=f"the last state of 5 inputs in chunks of {every}")


@pytest.mark.task("truncated_backward_")
def test_the_loss_alone_may_have_parameters(device):
    weight = a_leaf((3,), device, grad=False)
    inputs = [sample((3,), device=device) for _ in range(3)]
    states = [inputs[0] + inputs[1], inputs[0] + inputs[1] + inputs[2]]

    gradient_flow.truncated_backward_(
        torch.add, torch.zeros_like(inputs[0]), inputs, lambda h: (weight * h).sum(), 2
    )

    check(
        weight.grad,
        states[0] + states[1],
        what="the gradient of a weight that only loss_fn uses, for 3 inputs in chunks of 2",
        mistakes={"the rest after the last whole chunk is left out": lambda: states[0]},
    )


@pytest.mark.task("truncated_backward_")
@pytest.mark.parametrize("give", [one_by_one, torch.stack], ids=["generator", "tensor"])
def test_inputs_may_be_a_generator_or_a_tensor(give, device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    due, last = run_by_hand(step, h0, inputs, losses_at=(2, 4, 5), cuts_at=(2, 4))

    h = gradient_flow.truncated_backward_(step, h0, give(inputs), weighted, 2)

    check(step.w.grad, due, what="the gradient of w, 5 inputs in chunks of 2")
    check(h, last, what="the last state")


@pytest.mark.task("truncated_backward_")
def test_each_chunk_is_back_propagated_before_the_next_begins(device):
    module = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    arrived = []

    def step(x, h):
        arrived.append(module.w.grad is not None)
        return module(x, h)

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 2)

    assert arrived == [False, False, True, True, True], (
        "with chunks of 2, w has a gradient before each of 5 inputs: "
        f"{arrived}, where [False, False, True, True, True] is due. Back-propagate each chunk at "
        "its end, so that its graph can go before the next begins"
    )


@pytest.mark.task("truncated_backward_")
def test_gradients_are_added_to_those_that_are_there(device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    added, _ = run_by_hand(step, h0, inputs, losses_at=(2, 4, 5), cuts_at=(2, 4))
    step.w.grad = torch.ones_like(step.w)

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 2)

    check(step.w.grad, 1 + added, what="the gradient of w, which was 1 before the call")


@pytest.mark.task("truncated_backward_")
def test_each_input_is_stepped_once_and_each_chunk_has_one_loss(device):
    step = counted(build(Recurrence, device=device))
    loss_fn = counted(weighted)
    h0, *inputs = a_sequence(device, 6)

    gradient_flow.truncated_backward_(step, h0, inputs, loss_fn, 2)

    assert step.calls == 5, f"step was called {step.calls} times for 5 inputs: once for each is due"
    assert loss_fn.calls == 3, (
        f"loss_fn was called {loss_fn.calls} times for 5 inputs in chunks of 2: "
        "call it at the end of each chunk, 3 times here"
    )
