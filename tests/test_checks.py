"""What an exercise's tests import: each check, each probe, and each of their messages."""

import gc
import subprocess
import sys
import weakref

import numpy as np
import pytest
import torch
import toy_course
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from gradkata import checks
from gradkata.checks import (
    Wrong,
    backward_of,
    build,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    count_elements,
    count_operations,
    counted,
    inside_no_grad,
    node_of,
    raises,
    sample,
    situation,
    stale_memory,
    tracked_copies,
    unchanged,
)
from gradkata.checks.samples import seed_samples

CPU = torch.device("cpu")

small_shapes = st.lists(st.integers(1, 3), max_size=3).map(tuple)


def vector(*values, **options):
    return torch.tensor(values, dtype=torch.float64, **options)


# sample


@given(small_shapes, st.sampled_from([torch.float64, torch.float32, torch.bfloat16]))
def test_a_sample_has_the_shape_and_dtype_asked_for(shape, dtype):
    x = sample(shape, device=CPU, dtype=dtype)

    assert (x.shape, x.dtype, x.requires_grad) == (shape, dtype, False)


def test_a_sample_repeats_itself_after_the_same_seed():
    seed_samples(7)
    first = sample((3,), device=CPU)
    seed_samples(7)

    assert torch.equal(sample((3,), device=CPU), first)


def test_two_samples_differ():
    assert not torch.equal(sample((3,), device=CPU), sample((3,), device=CPU))


@pytest.mark.parametrize(
    "draw",
    [
        lambda: sample((3,), device=CPU),
        lambda: build(lambda: nn.Linear(2, 2), device=CPU),
        lambda: check_gradients(torch.sin, (sample((2,), device=CPU),)),
    ],
    ids=["sample", "build", "check_gradients"],
)
def test_torchs_global_random_state_does_not_move(draw):
    before = torch.get_rng_state()

    draw()

    assert torch.equal(torch.get_rng_state(), before)


@given(st.floats(-3, 0), st.floats(0.1, 3))
def test_a_sample_lies_between_low_and_high(low, width):
    x = sample((50,), device=CPU, low=low, high=low + width)

    assert low <= x.min() <= x.max() <= low + width


@given(st.floats(0.1, 1))
def test_a_sample_keeps_a_gap_around_0(gap):
    x = sample((50,), device=CPU, gap=gap)

    assert x.abs().min() >= gap
    assert x.abs().max() <= 2
    assert (x > 0).any()
    assert (x < 0).any()


@pytest.mark.parametrize("shape", [(4, 3), (4, 1), (2, 3, 2)], ids=str)
def test_a_strided_sample_is_not_contiguous_and_not_expanded(shape):
    x = sample(shape, device=CPU, strided=True)

    assert x.shape == shape
    assert not x.is_contiguous()
    assert 0 not in x.stride()


@pytest.mark.parametrize("strided", [False, True])
def test_a_sample_that_requires_grad_is_a_leaf(strided):
    x = sample((4, 3), device=CPU, strided=strided, requires_grad=True)

    assert x.is_leaf
    assert x.requires_grad


def test_a_sample_lives_where_it_is_asked_to():
    assert sample((2,), device="meta").is_meta


# IdentityWithoutBackward


@pytest.mark.parametrize(
    "ask",
    [
        lambda f, x: torch.autograd.grad(f(x).sum(), x),
        lambda f, x: torch.func.jvp(f, (x,), (x,)),
    ],
    ids=["backward", "forward mode"],
)
def test_the_identity_without_backward_raises_in_torchs_words_for_something_else(ask):
    x = vector(1.0, 2.0, requires_grad=True)

    with pytest.raises(checks.ErrorOfF, match=r"does not require grad.* not have been used"):
        ask(checks.IdentityWithoutBackward.apply, x)


# build, counted, tracked_copies


def test_a_built_module_is_float64_and_repeats_itself():
    seed_samples(7)
    first = build(lambda: nn.Linear(3, 2), device=CPU)
    seed_samples(7)
    second = build(lambda: nn.Linear(3, 2), device=CPU)

    assert first.weight.dtype == torch.float64
    assert torch.equal(first.weight, second.weight)


def test_building_a_module_does_not_seed_cuda(monkeypatch):
    seeded = []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeded.append)

    build(lambda: nn.Linear(3, 2), device=CPU)

    assert seeded == []


def test_a_counted_function_counts_its_calls_and_answers():
    double = counted(lambda x, *, plus=0: 2 * x + plus)

    answers = [double(1), double(2, plus=1)]

    assert answers == [2, 5]
    assert double.calls == 2


@pytest.mark.parametrize("strided", [False, True])
def test_tracked_copies_have_values_layout_and_a_memory_of_their_own(strided):
    x = sample((4, 3), device=CPU, strided=strided)

    (copy,) = tracked_copies(x)

    assert torch.equal(copy, x)
    assert copy.stride() == x.stride()
    assert copy.data_ptr() != x.data_ptr()
    assert copy.is_leaf
    assert copy.requires_grad


def test_tracked_copies_of_a_result_have_no_graph():
    (copy,) = tracked_copies(vector(1.0, requires_grad=True) * 2)

    assert copy.grad_fn is None


# check


@given(st.floats())
def test_check_accepts_a_tensor_equal_to_itself(value):
    check(vector(value), vector(value))


def test_check_opens_with_what_it_is_and_shows_both():
    with pytest.raises(Wrong) as wrong:
        check(vector(1.0, 5.0), vector(1.0, 2.0), what="the slope")

    assert str(wrong.value).splitlines() == [
        "the slope: 1 of 2 elements differ, most at [1]",
        "  yours   1.0000   5.0000",
        "  torch   1.0000   2.0000",
    ]


def test_check_names_a_mistake_of_the_test_before_a_general_one():
    mistakes = {"the factor is left out": vector(1.0)}

    with pytest.raises(Wrong, match="exactly what you get when the factor is left out") as wrong:
        check(vector(1.0), vector(2.0), mistakes=mistakes)

    assert "times" not in str(wrong.value)


def test_check_names_a_general_mistake_where_none_of_the_test_fits():
    with pytest.raises(Wrong, match="when the sign is flipped"):
        check(vector(-2.0), vector(2.0), mistakes={"it is squared": vector(4.0)})


def test_check_asks_no_mistake_where_nothing_is_wrong():
    asked = counted(lambda: vector(1.0))

    check(vector(2.0), vector(2.0), mistakes={"it is asked": asked})

    assert asked.calls == 0


def test_check_takes_tolerances():
    check(vector(1.1, 0.1), vector(1.0, 0.0), rtol=0.2, atol=0.2)


def test_a_wrong_result_of_backward_belongs_to_backward():
    with pytest.raises(Wrong) as wrong:
        check(None, vector(1.0), what="backward")

    assert wrong.value.method == "backward"


# raises, situation, inside_no_grad


def raise_(error):
    raise error


def test_an_error_that_is_due_is_accepted():
    with raises(ValueError, when="x is empty", naming=["(2,)", "(3,)"]):
        raise_(ValueError("shapes (2,) and (3,)"))


@pytest.mark.parametrize(
    ("advice", "words"),
    [
        ("", "^ValueError is due when x is empty; nothing was raised$"),
        ("compare the shapes", "nothing was raised: compare the shapes$"),
    ],
    ids=["alone", "with advice"],
)
def test_an_error_that_is_missing_is_named(advice, words):
    with pytest.raises(Wrong, match=words), raises(ValueError, when="x is empty", advice=advice):
        pass


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda: None, r"^linalg\.Error is due when H is 0; nothing was raised$"),
        (lambda: raise_(TypeError("no")), r"^linalg\.Error is due when H is 0; TypeError was"),
        (lambda: raise_(ValueError("no")), r"^the linalg\.Error raised when H is 0 says 'no'"),
    ],
    ids=["missing", "another", "says too little"],
)
def test_an_error_that_is_due_goes_by_the_name_that_is_given(end, words):
    with (
        pytest.raises(Wrong, match=words),
        raises(ValueError, when="H is 0", naming=["H"], name="linalg.Error"),
    ):
        end()


def test_another_error_is_named():
    words = "^ValueError is due when x is empty; TypeError was raised: what is x"

    with pytest.raises(Wrong, match=words), raises(ValueError, when="x is empty"):
        raise_(TypeError("what is x"))


def test_what_an_error_does_not_name_is_named():
    words = r"raised when x is empty says 'not \(2,\)': let it name \(3,\) and y too"

    with (
        pytest.raises(Wrong, match=words),
        raises(ValueError, when="x is empty", naming=["(2,)", "(3,)", "y"]),
    ):
        raise_(ValueError("not (2,)"))


@pytest.mark.parametrize(
    "error", [NotImplementedError(), Wrong("it is"), checks.Forbidden("it is")], ids=repr
)
@pytest.mark.parametrize(
    "demand", [lambda: raises(Exception, when="always"), lambda: situation("always")]
)
def test_an_unwritten_body_and_the_harness_own_errors_get_through(demand, error):
    with pytest.raises(type(error)) as raised, demand():
        raise_(error)

    assert raised.value is error


def test_an_error_is_told_with_its_situation():
    words = "^inside torch.no_grad\\(\\), it raises TypeError: what is x$"

    with pytest.raises(Wrong, match=words), situation("inside torch.no_grad()"):
        raise_(TypeError("what is x"))


def test_a_situation_without_an_error_says_nothing():
    with situation("inside torch.no_grad()"):
        pass


def test_recording_is_off_inside_no_grad_and_as_before_after_it():
    with torch.enable_grad():
        with inside_no_grad():
            assert not torch.is_grad_enabled()

        assert torch.is_grad_enabled()


def test_recording_that_is_left_on_inside_no_grad_is_named():
    words = r"^called inside torch\.no_grad\(\), it leaves recording switched on: switch it on in a"

    with pytest.raises(Wrong, match=words), inside_no_grad():
        torch.set_grad_enabled(True)

    assert torch.is_grad_enabled()


def test_an_error_inside_no_grad_is_told_as_such():
    words = r"^called inside torch\.no_grad\(\), it raises TypeError: what is x$"

    with pytest.raises(Wrong, match=words), inside_no_grad():
        raise_(TypeError("what is x"))


# unchanged


def set_grad(x):
    x.grad = torch.ones_like(x)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda x: x.mul_(3), r"the value of an input at \[1\] was 2.0 before the call and is 6.0"),
        (lambda x: x.unsqueeze_(0), r"the value of an input was a tensor of shape \(2,\) and"),
        (lambda x: x.requires_grad_(), "requires_grad of an input was False before the call"),
        (set_grad, r".grad of an input was None before the call and is a tensor of shape \(2,\)"),
        (
            set_grad,
            r"\.backward\(\) writes the \.grad of every leaf, torch\.autograd\.grad .* none",
        ),
    ],
    ids=["value", "shape", "requires_grad", "grad", "what writes grad"],
)
def test_a_change_of_a_tensor_is_named(edit, words):
    x = vector(0.0, 2.0)

    with pytest.raises(Wrong, match=words), unchanged(x):
        edit(x)


@pytest.mark.parametrize(
    "hook", ["register_hook", "register_post_accumulate_grad_hook"], ids=lambda name: name[9:]
)
def test_a_hook_left_on_a_tensor_is_named(hook):
    x = vector(1.0, requires_grad=True)

    with pytest.raises(Wrong, match="the number of hooks of an input was 0"), unchanged(x):
        getattr(x, hook)(lambda *_: None)


def test_the_number_of_a_changed_tensor_is_named_where_there_are_several():
    x, y = vector(1.0), vector(2.0)

    with pytest.raises(Wrong, match="of input 2 at"), unchanged(x, y):
        y.zero_()


def test_a_stale_gradient_that_is_cleared_is_named():
    x = vector(1.0, requires_grad=True)
    set_grad(x)

    with pytest.raises(Wrong, match=r"\.grad of an input was a tensor of shape"), unchanged(x):
        x.grad = None


@pytest.mark.parametrize(
    "x",
    [vector(float("nan"), float("inf")), torch.tensor(2), torch.tensor([True]), vector()],
    ids=["nan", "int", "bool", "empty"],
)
def test_a_tensor_that_is_only_read_is_unchanged(x):
    with unchanged(x):
        x + 1


def test_the_grad_of_a_tensor_that_keeps_none_is_not_read():
    with unchanged(vector(1.0, requires_grad=True) * 2):
        pass


def test_an_error_inside_comes_before_a_change():
    x = vector(1.0)

    with pytest.raises(ZeroDivisionError), unchanged(x):
        raise_(ZeroDivisionError(x.zero_()))


def replace_weight(model):
    model[0].weight = nn.Parameter(model[0].weight.detach().clone())


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda m: m[1].eval(), "training of the module '1' was True before the call and is False"),
        (lambda m: m.eval(), "training of the model was True before the call and is False"),
        (
            lambda m: nn.init.zeros_(m[0].weight),
            r"the value of the parameter '0.weight' at \[0, 0\]",
        ),
        (lambda m: m[0].weight.requires_grad_(False), "requires_grad of the parameter '0.weight'"),
        (lambda m: m[1].running_mean.add_(1), r"the value of the buffer '1.running_mean' at \[0\]"),
        (replace_weight, "the parameter '0.weight' has been replaced or removed: leave it as"),
        (lambda m: m.pop(1), "the module '1' has been replaced or removed"),
        (lambda m: m.append(nn.ReLU()), "the module '2' has been added: leave all as it was found"),
    ],
    ids=["mode", "all", "weight", "frozen", "buffer", "replaced", "removed", "added"],
)
def test_a_change_of_a_model_is_named(edit, words):
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))

    with pytest.raises(Wrong, match=words), unchanged(model):
        edit(model)


@pytest.mark.parametrize("kind", ["forward", "forward_pre", "full_backward", "full_backward_pre"])
def test_a_hook_left_on_a_model_is_named(kind):
    model = nn.Linear(2, 2)

    words = "the number of hooks of the model was 0 before the call and is 1 after it"
    with pytest.raises(Wrong, match=words), unchanged(model):
        getattr(model, f"register_{kind}_hook")(lambda *_: None)


def test_the_number_of_a_changed_model_is_named_where_there_are_several():
    x, model = vector(1.0), nn.Linear(1, 1)

    with pytest.raises(Wrong, match="training of the model of input 2 was"), unchanged(x, model):
        model.eval()


# Functions to be judged


class Triple(Function):
    """Right: 3x."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 3

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * 3


class NewTriple(Function):
    """The same in the newer style."""

    @staticmethod
    def forward(x):
        return x * 3

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    backward = Triple.backward


class OnceTriple(Triple):
    """The same, differentiable once."""

    backward = staticmethod(once_differentiable(Triple.backward))


class Scale(Function):
    """Right, with a number that may be left out: k·x."""

    @staticmethod
    def forward(ctx, x, k=2.0):
        ctx.save_for_backward(x)
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.k, None


class Product(Function):
    """Right: x·y."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        return (grad_output * y).sum_to_size(x.shape), (grad_output * x).sum_to_size(y.shape)


class Stack(Function):
    """Right, with any number of arguments."""

    @staticmethod
    def forward(ctx, *rows):
        return torch.stack(rows)

    @staticmethod
    def backward(ctx, grad_output):
        return tuple(grad_output)


class Same(Function):
    """Right, and its output is its input."""

    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output


class Flat(Function):
    """Right, and its output is a view of its input."""

    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.view(-1)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.view(ctx.shape)


class SinCos(Function):
    """Right, with two outputs."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sin(), x.cos()

    @staticmethod
    def backward(ctx, grad_sin, grad_cos):
        (x,) = ctx.saved_tensors
        return grad_sin * x.cos() - grad_cos * x.sin()


RIGHT = [Triple, NewTriple, OnceTriple, Same, Flat]


def variant(base, **methods):
    """Return a subclass with other static methods."""
    return type(base.__name__, (base,), {k: staticmethod(f) for k, f in methods.items()})


def inputs_of(function):
    return [sample((4, 3), device=CPU) for _ in range(2 if issubclass(function, Product) else 1)]


# node_of


@pytest.mark.parametrize("function", RIGHT)
def test_the_node_of_a_function_is_what_it_left_on_its_output(function):
    y = function.apply(vector(1.0, requires_grad=True))

    assert node_of(function, y) is y.grad_fn


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (2.0, "forward: yours is the float 2.0, a tensor is due"),
        (
            torch.ones(2),
            "forward: the output of Triple.apply has no graph, though its input requires",
        ),
        (torch.ones(2, requires_grad=True).exp(), "was recorded by ExpBackward0, not by Triple"),
        (Same.apply(torch.ones(2, requires_grad=True)), "was recorded by SameBackward, not by Tr"),
    ],
    ids=["float", "no graph", "torch", "another class"],
)
def test_an_output_that_is_not_the_functions_own_is_named(output, words):
    with pytest.raises(Wrong, match=words):
        node_of(Triple, output)


def test_a_class_whose_apply_is_torchs_is_found_out():
    function = variant(Triple, apply=torch.exp)

    with pytest.raises(Wrong, match="let Triple's own forward and backward do the work"):
        backward_of(function, [vector(1.0)], vector(1.0))


# backward_of


@pytest.mark.parametrize("function", RIGHT)
def test_backward_is_run_by_itself(function):
    x = sample((2, 3), device=CPU)
    cotangent = sample(function.apply(x).shape, device=CPU)

    (gradient,) = backward_of(function, (x,), cotangent)

    factor = 1 if function in (Same, Flat) else 3
    assert torch.equal(gradient, (factor * cotangent).view(2, 3))


def test_backward_is_run_also_inside_no_grad():
    with torch.no_grad():
        (gradient,) = backward_of(Triple, (vector(1.0),), vector(2.0))

    assert torch.equal(gradient, vector(6.0))


def test_what_backward_returns_beyond_its_inputs_may_be_none():
    function = variant(Triple, backward=lambda _, g: (g * 3, None, None))

    assert len(backward_of(function, (vector(1.0),), vector(2.0))) == 1


def test_a_gradient_that_is_none_is_left_to_the_test():
    function = variant(Product, backward=lambda _, g: (None, g))

    gradients = backward_of(function, (vector(1.0), vector(1.0)), vector(2.0))

    assert gradients[0] is None


def test_an_input_that_requires_no_grad_stays_so_beside_one_that_does():
    asked = []

    def backward(ctx, grad_output):
        asked.extend(ctx.needs_input_grad)
        return grad_output, None

    backward_of(
        variant(Product, backward=backward),
        (vector(1.0, requires_grad=True), vector(1.0)),
        vector(2.0),
    )

    assert asked == [True, False]


def test_none_may_come_in_where_nobody_used_an_output():
    function = variant(SinCos, backward=lambda *_: None)

    assert backward_of(function, (vector(1.0),), None, None) == (None,)


E2, E3 = torch.ones(2, dtype=torch.float64), torch.ones(3, dtype=torch.float64)


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        (
            None,
            r"it returns None, forward takes 2 arguments \(x, y\): return one gradient for each",
        ),
        (E2, r"it returns a tensor of shape \(2,\), forward takes 2 arguments \(x, y\)"),
        ((E2,), "it returns 1 gradient, forward takes 2 arguments"),
        ((E2, E2, E2), "it returns 3 gradients, forward takes 2 arguments"),
        ([E2, E2], "it returns a list, a tuple is due"),
        ((2.0, E2), "the gradient for x is the float 2.0, a plain tensor is due"),
        ((E2, np.ones(2)), r"for y is a NumPy array of shape \(2,\), a plain tensor is due"),
        ((nn.Parameter(E2), E2), r"for x is a Parameter of shape \(2,\), a plain tensor is due"),
        ((E2, E3), r"for y has shape \(3,\), y has shape \(2,\)$"),
        ((torch.ones(4, 2), E2), r"\(4, 2\), x has shape \(2,\): sum over the broadcast axis 0$"),
        ((torch.ones(4, 1, 2), E2), "sum over the broadcast axes 0 and 1$"),
        ((E2, E2.float()), "the gradient for y is torch.float32, y is torch.float64"),
        ((E2.to("meta"), E2), "the gradient for x is on meta, x is on cpu"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_malformed_return_of_backward_is_named(gradients, words):
    function = variant(Product, backward=lambda *_: gradients)

    with pytest.raises(Wrong, match="^backward: .*" + words) as wrong:
        backward_of(function, (E2, E2), E2)

    assert wrong.value.method == "backward"


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        ((E2, E2), r"it returns 2 gradients, forward takes 1 argument \(x\): return"),
        ([E2], "it returns a list, a tuple is due"),
    ],
    ids=["two", "list"],
)
def test_a_malformed_return_for_one_input_is_named(gradients, words):
    function = variant(Triple, backward=lambda *_: gradients)

    with pytest.raises(Wrong, match=words):
        backward_of(function, (E2,), E2)


def test_a_gradient_for_a_number_is_named():
    function = variant(Scale, backward=lambda _, g: (g, g))

    words = (
        r"the gradient for k is a tensor of shape \(1,\); k is the float 3.0: return None for it"
    )
    with pytest.raises(Wrong, match=words):
        backward_of(function, (vector(1.0), 3.0), vector(1.0))


def test_an_argument_that_is_left_out_lends_its_name_to_no_other():
    function = variant(Scale, backward=lambda *_: 1.0)

    with pytest.raises(Wrong, match="the gradient for x is the float"):
        backward_of(function, (vector(1.0),), vector(1.0))


def test_an_argument_of_the_newer_style_is_named():
    function = variant(NewTriple, backward=lambda *_: 1.0)

    with pytest.raises(Wrong, match="the gradient for x is the float"):
        backward_of(function, (vector(1.0),), vector(1.0))


def test_arguments_without_names_are_numbered():
    function = variant(Stack, backward=lambda *_: ())

    with pytest.raises(Wrong, match=r"takes 2 arguments \(argument 1, argument 2\)"):
        backward_of(function, (E2, E2), torch.ones(2, 2))


@pytest.mark.parametrize(
    ("function", "number", "words"),
    [
        (variant(Triple, backward=lambda _, g: g.mul_(3)), 1, r"of the incoming gradient at \[0\]"),
        (variant(SinCos, backward=lambda *g: g[2].mul_(3)), 2, r"of incoming gradient 2 at \[0\]"),
    ],
    ids=["one", "two"],
)
def test_a_backward_that_edits_what_comes_in_is_named(function, number, words):
    with pytest.raises(Wrong, match=words + " was 2.0 before the call and is 6.0 after it"):
        backward_of(function, (vector(1.0),), *[vector(2.0) for _ in range(number)])


def test_a_forward_that_writes_to_its_input_for_a_while_is_named():
    def forward(_, k):
        y = k.mul_(2) * 1.5
        k.div_(2)
        return y

    with pytest.raises(Wrong, match=r"^forward: k is written to in place\. Even if its"):
        backward_of(variant(Triple, forward=forward), (vector(1.0),), vector(1.0))


def keep_output_on_ctx(ctx, inputs, output):
    ctx.kept = output


def test_an_output_that_ctx_holds_as_an_attribute_is_named():
    function = variant(NewTriple, setup_context=keep_output_on_ctx)

    with pytest.raises(Wrong, match=r"^forward: ctx\.kept holds an output, which holds ctx"):
        backward_of(function, (vector(1.0),), vector(1.0))


def no_variable(ctx, grad_output):
    return 2 * ctx.saved_tensors * grad_output


def a_variable(ctx, grad_output):
    x = ctx.saved_tensors
    return grad_output * x


@pytest.mark.parametrize("backward", [no_variable, a_variable])
def test_saved_tensors_that_are_not_unpacked_are_named(backward):
    with pytest.raises(Wrong, match=r"^backward: TypeError: .*\nctx.saved_tensors is a tuple"):
        backward_of(variant(Triple, backward=backward), (vector(1.0),), vector(1.0))


def test_another_error_of_backward_gets_through():
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return x.cosine() * grad_output

    with pytest.raises(AttributeError, match="cosine"):
        backward_of(variant(Triple, backward=backward), (vector(1.0),), vector(1.0))


# check_backward


@pytest.mark.parametrize("function", [Triple, NewTriple, OnceTriple])
def test_a_right_backward_is_accepted(function):
    check_backward(function, lambda x: 3 * x, [vector(1.0)], vector(2.0))


def test_a_right_backward_of_several_inputs_and_outputs_is_accepted():
    check_backward(Product, torch.mul, [sample((4, 1), device=CPU), E2], sample((4, 2), device=CPU))
    check_backward(SinCos, lambda x: (x.sin(), x.cos()), [E2], E2, 2 * E2)
    check_backward(Scale, lambda x, k: k * x, [E2, 3.0], E2)


X, Y, V = vector(1.0, 2.0, 4.0), vector(3.0, -5.0, 7.0), vector(2.0, 3.0, 5.0)


@pytest.mark.parametrize(
    ("backward", "words"),
    [
        (lambda _, g: (Y, X), "the incoming gradient is left out: multiply by grad_output"),
        (
            lambda _, g: (g * X, g * Y),
            "the gradients are returned in another order than the inputs",
        ),
        (lambda _, g: (-g * Y, g * X), "gradients for x and y: yours.0.: 3 of 3 elements differ"),
        (lambda _, g: (-g * Y, g * X), "the sign is flipped"),
        (lambda _, g: (None, g * X), "gradients for x and y: yours.0. is None, a tensor is due"),
        (lambda _, g: (g * Y, g * X * 0), "yours.1.: (.|\n)*Every element of yours is 0"),
    ],
    ids=["constant", "order", "place", "sign", "None", "zeros"],
)
def test_a_wrong_backward_of_two_inputs_is_named(backward, words):
    with pytest.raises(Wrong, match=words):
        check_backward(variant(Product, backward=backward), torch.mul, [X, Y], V)


@pytest.mark.parametrize(
    ("backward", "words"),
    [
        (lambda _, g: torch.full_like(g, 3), "is left out: multiply by grad_output"),
        (lambda _, g: g * 6, "^backward: (.|\n)*Yours is torch's times 2, everywhere"),
        (lambda _, g: g * 4, "when three is taken for four"),
        (lambda *_: None, "^backward: yours is None, a tensor is due$"),
    ],
    ids=["constant", "factor", "named", "None"],
)
def test_a_wrong_backward_of_one_input_is_named(backward, words):
    mistakes = {"three is taken for four": lambda: 4 * V}

    with pytest.raises(Wrong, match=words):
        check_backward(
            variant(Triple, backward=backward), lambda x: 3 * x, [X], V, mistakes=mistakes
        )


def test_a_gradient_that_was_left_out_is_not_named_where_all_ones_came_in():
    with pytest.raises(Wrong) as wrong:
        check_backward(variant(Triple, backward=lambda _, g: g * 2), lambda x: 3 * x, [X], E3)

    assert "left out" not in str(wrong.value)


def test_what_is_frozen_is_not_compared():
    check_backward(
        variant(Product, backward=lambda _, g: (g * Y, None)),
        torch.mul,
        [X.clone().requires_grad_(), Y],
        V,
    )


# check_gradients


@pytest.mark.parametrize("function", [Triple, NewTriple, Product, SinCos, Same, Flat])
def test_right_gradients_of_both_orders_are_accepted(function):
    check_gradients(function.apply, inputs_of(function))


def test_arguments_that_are_no_floating_tensors_are_passed_on():
    check_gradients(lambda x, i, k: k * x[i], (X, torch.tensor([0, 2]), 3.0))


def test_gradients_are_checked_also_inside_no_grad():
    with torch.no_grad():
        check_gradients(Triple.apply, (X,))


def test_gradients_are_checked_where_the_input_is_strided():
    received = []

    def watched(x):
        received.append(x.is_contiguous())
        return x.square()

    check_gradients(watched, (sample((2, 2), device=CPU, strided=True),))

    assert not any(received)


def test_a_wrong_gradient_is_told_with_what_torch_says():
    function = variant(Triple, backward=lambda _, g: g * 2)

    words = (
        "^backward: the gradient is not what finite differences measure\n  torch's gradcheck says: "
    )
    with pytest.raises(Wrong, match=words + "Jacobian mismatch for output 0"):
        check_gradients(function.apply, (X,))


def test_a_wrong_gradient_of_the_gradient_is_told_as_such():
    def cube(ctx, x):
        ctx.x = x.detach()
        return x**3

    function = variant(Triple, forward=cube, backward=lambda ctx, g: g * 3 * ctx.x**2)

    check_gradients(function.apply, (X,), twice=False)
    with pytest.raises(Wrong, match=r"^backward: the gradient of the gradient is not"):
        check_gradients(function.apply, (X,))


def test_an_unwritten_backward_is_told_as_such():
    function = variant(Triple, backward=lambda *_: raise_(NotImplementedError()))

    with pytest.raises(NotImplementedError):
        check_gradients(function.apply, (X,))


# check_edits_are_noticed


def attribute(ctx, x):
    ctx.x = x
    return x.sin()


def attribute_output(ctx, x):
    ctx.y = x.exp()
    return ctx.y


def mask(ctx, x):
    ctx.mask = x > 0
    return x.clamp(min=0)


def second_output(ctx, x):
    ctx.y = x.exp()
    return x.sin(), ctx.y


def index(ctx, x):
    values, ctx.index = x.max(0)
    ctx.mark_non_differentiable(ctx.index)
    return values, ctx.index


@pytest.mark.parametrize("function", [Triple, Product, SinCos, Same, Flat])
def test_edits_are_noticed_or_harmless_where_tensors_are_saved_right(function):
    check_edits_are_noticed(function.apply, inputs_of(function))


def test_a_mask_that_is_kept_is_right():
    function = variant(Triple, forward=mask, backward=lambda ctx, g: g * ctx.mask)

    check_edits_are_noticed(function.apply, (sample((4, 3), device=CPU, gap=0.5),))


@pytest.mark.parametrize(
    ("forward", "backward", "name"),
    [
        (attribute, lambda ctx, g: g * ctx.x.cos(), "input 1"),
        (attribute, lambda ctx, g: g * (ctx.x > 0), "input 1"),
        (attribute_output, lambda ctx, g: g * ctx.y, "the output"),
        (second_output, lambda ctx, g, h: h * ctx.y, "output 2"),
        (
            index,
            lambda ctx, g, _: torch.zeros(4, 3).double().scatter(0, ctx.index[None], g[None]),
            "output 2",
        ),
    ],
    ids=["input", "sign of the input", "output", "second output", "index"],
)
def test_an_edit_of_what_ctx_keeps_as_an_attribute_is_named(forward, backward, name):
    function = variant(Triple, forward=forward, backward=backward)

    with pytest.raises(
        Wrong, match=f"^backward: {name} was changed in place after forward"
    ) as wrong:
        check_edits_are_noticed(function.apply, (sample((4, 3), device=CPU, gap=0.5),))

    assert "keep them with ctx.save_for_backward" in str(wrong.value)


def test_an_error_of_backward_that_is_not_autograds_gets_through():
    def positive(ctx, grad_output):
        return grad_output if (ctx.x > 0).all() else raise_(RuntimeError("out of luck"))

    function = variant(Triple, forward=attribute, backward=positive)

    with pytest.raises(RuntimeError, match="out of luck"):
        check_edits_are_noticed(function.apply, (X,))


def test_edits_of_an_index_that_goes_in_are_noticed():
    check_edits_are_noticed(lambda x, index: Triple.apply(x[index]), (X, torch.tensor([0, 2])))


# stale_memory


@pytest.mark.parametrize(
    "make",
    [lambda: torch.empty(2), lambda: torch.empty_like(E2), lambda: E2.new_empty(2)],
    ids=["empty", "empty_like", "new_empty"],
)
def test_stale_memory_is_nan(make):
    with stale_memory():
        found = make()

    assert found.isnan().all()


def test_stale_memory_leaves_zeros_and_integers_as_they_are():
    with stale_memory():
        zeros, indices = torch.zeros(2), torch.empty(2, dtype=torch.int64)

    assert not zeros.any()
    assert indices.dtype == torch.int64


# count_operations


def test_operations_are_counted_by_name_forward_and_backward():
    w, x = torch.ones(2, 2, requires_grad=True), torch.ones(2, 2)

    with count_operations() as count:
        (w @ x).exp_().sum().backward()

    assert (count["mm"], count["exp_"], count["exp"]) == (2, 1, 0)


def test_nothing_is_counted_after_the_end():
    with count_operations() as count:
        pass
    torch.ones(2)

    assert not count


def test_counting_operations_does_not_import_torchs_compiler():
    code = (
        "import sys, torch\n"
        "from gradkata.checks import count_operations\n"
        "with count_operations() as count:\n"
        "    torch.ones(2) + 1\n"
        "print(count['add'], 'torch._dynamo' in sys.modules)\n"
    )

    found = subprocess.run(
        [sys.executable, "-c", code],
        env=toy_course.child_environment(),
        capture_output=True,
        text=True,
    )

    assert found.stdout == "1 False\n"


# count_elements


def test_elements_are_counted_in_all_tensors_and_in_the_largest_but_not_in_views():
    x = torch.ones(2, 3)

    with count_elements() as count:
        (x + 1).T.contiguous().sum(0)

    assert (count.made, count.largest) == (2 * 3 + 2 * 3 + 2, 2 * 3)


def test_what_an_expected_error_held_is_gone_without_a_look_for_cycles():
    held = []

    def fails():
        thing = nn.Module()
        held.append(weakref.ref(thing))
        error = ValueError("holds its frame, which holds it")
        raise error

    gc.disable()
    try:
        with raises(ValueError, when="it fails"):
            fails()
        assert held[0]() is None
    finally:
        gc.enable()
