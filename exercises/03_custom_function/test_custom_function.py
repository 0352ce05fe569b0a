"""Each class is compared with torch: forward, backward by itself, and gradients of gradients."""

import custom_function
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import (
    backward_of,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    count_operations,
    forbid,
    node_of,
    raises,
    sample,
    unchanged,
)

any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)


# Square


@pytest.mark.task("Square")
@any_layout
def test_square_is_torchs(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Square.apply(x)

    check(y, torch.square(x), what="forward")


@pytest.mark.task("Square")
@any_layout
def test_square_multiplies_what_comes_in_by_2x(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(
        custom_function.Square,
        torch.square,
        (x,),
        cotangent,
        mistakes={"the factor 2 is left out": lambda: cotangent * x},
    )


@pytest.mark.task("Square")
def test_square_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.Square.apply(x), torch.square(x), what="forward")
    check_backward(custom_function.Square, torch.square, (x,), torch.ones_like(x))


@pytest.mark.task("Square")
def test_square_has_gradients_of_gradients(device):
    check_gradients(custom_function.Square.apply, (sample((2, 2), device=device),))


@pytest.mark.task("Square")
def test_square_notices_when_x_is_changed_before_backward(device):
    check_edits_are_noticed(custom_function.Square.apply, (sample((4, 3), device=device),))


# Scale


@pytest.mark.task("Scale")
@any_layout
def test_scale_is_a_product_with_k(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Scale.apply(x, -0.7)

    check(y, x * -0.7, what="forward")


@pytest.mark.task("Scale")
@any_layout
def test_scale_gives_a_gradient_for_x_and_none_for_k(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(custom_function.Scale, lambda x, k: x * k, (x, -0.7), cotangent)


@pytest.mark.task("Scale")
def test_scale_by_0_has_a_gradient_of_zeros(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)

    check_backward(custom_function.Scale, lambda x, k: x * k, (x, 0.0), cotangent)


@pytest.mark.task("Scale")
def test_scale_remembers_the_k_of_each_call(device):
    x = sample((4, 3), device=device, requires_grad=True)
    y = custom_function.Scale.apply(x, 3.0)
    custom_function.Scale.apply(x, 5.0)

    (gradient,) = torch.autograd.grad(y, x, torch.full_like(x, 2))

    check(
        gradient,
        torch.full_like(x, 6).detach(),
        what="backward of 3x after another call with k = 5",
        mistakes={
            "k is kept where the next call overwrites it: keep it on ctx": lambda: torch.full_like(
                x, 10
            )
        },
    )


@pytest.mark.task("Scale")
def test_scale_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.Scale.apply(x, 1.5), x * 1.5, what="forward")


@pytest.mark.task("Scale")
def test_scale_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device)

    check_gradients(lambda x: custom_function.Scale.apply(x, 1.5).square(), (x,))


# ReLU


@pytest.mark.task("ReLU")
@any_layout
def test_relu_is_torchs(layout, device):
    x = sample(**layout, device=device, gap=0.1)

    with unchanged(x):
        y = custom_function.ReLU.apply(x)

    check(y, torch.relu(x), what="forward")


@pytest.mark.task("ReLU")
def test_relu_keeps_nan_and_sends_minus_infinity_to_0(device):
    x = torch.tensor([float("nan"), -float("inf"), float("inf"), -1.0], device=device)

    y = custom_function.ReLU.apply(x)

    check(
        y,
        torch.relu(x),
        what="forward of [nan, -inf, inf, -1]",
        mistakes={
            "x is multiplied by a mask: -inf · 0 is NaN": lambda: x * (x > 0),
            "NaN > 0, which is False, decides: NaN is lost": lambda: torch.where(x > 0, x, 0.0),
        },
    )


@pytest.mark.task("ReLU")
def test_relu_of_a_negative_number_is_0_without_a_sign(device):
    x = -sample((4, 3), device=device, low=0.5)

    y = custom_function.ReLU.apply(x)

    assert not y.signbit().any(), "forward: negative x gives -0.0; torch gives 0.0"


@pytest.mark.task("ReLU")
@any_layout
def test_relu_lets_the_gradient_through_where_x_is_positive(layout, device):
    x, cotangent = sample(**layout, device=device, gap=0.1), sample(**layout, device=device)

    check_backward(custom_function.ReLU, torch.relu, (x,), cotangent)


@pytest.mark.task("ReLU")
def test_relu_has_slope_0_at_the_kink(device):
    x = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64, device=device)
    cotangent = torch.tensor([5.0, 7.0, 11.0], dtype=torch.float64, device=device)

    (gradient,) = backward_of(custom_function.ReLU, (x,), cotangent)

    check(
        gradient,
        torch.tensor([0.0, 0.0, 11.0], dtype=torch.float64, device=device),
        what="backward at [-1, 0, 1]",
        mistakes={
            "the slope at 0 is 1": lambda: cotangent * (x >= 0),
            "the slope at 0 is 1/2": lambda: cotangent * torch.heaviside(x, x.new_tensor(0.5)),
        },
    )


@pytest.mark.task("ReLU")
def test_relu_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32, gap=0.1)

    check(custom_function.ReLU.apply(x), torch.relu(x), what="forward")
    check_backward(custom_function.ReLU, torch.relu, (x,), torch.full_like(x, 3))


@pytest.mark.task("ReLU")
def test_relu_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device, gap=0.1)

    check_gradients(lambda x: custom_function.ReLU.apply(x).square(), (x,))


@pytest.mark.task("ReLU")
def test_relu_notices_when_a_tensor_it_needs_is_changed_before_backward(device):
    check_edits_are_noticed(custom_function.ReLU.apply, (sample((4, 3), device=device, gap=0.5),))


# Sigmoid


@pytest.mark.task("Sigmoid")
@any_layout
def test_sigmoid_is_torchs(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Sigmoid.apply(x)

    check(y, torch.sigmoid(x), what="forward")


@pytest.mark.task("Sigmoid")
def test_sigmoid_is_exact_at_plus_and_minus_1000(device):
    x = torch.tensor([-1000.0, 1000.0], dtype=torch.float64, device=device)

    y = custom_function.Sigmoid.apply(x)

    check(
        y,
        torch.tensor([0.0, 1.0], dtype=torch.float64, device=device),
        what="forward of [-1000, 1000]",
        mistakes={
            "it is computed as exp(x) / (1 + exp(x)): inf / inf is NaN": lambda: (
                x.exp() / (1 + x.exp())
            )
        },
    )


@pytest.mark.task("Sigmoid")
@any_layout
def test_sigmoid_multiplies_what_comes_in_by_its_slope(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)
    s = torch.sigmoid(x)

    check_backward(
        custom_function.Sigmoid,
        torch.sigmoid,
        (x,),
        cotangent,
        mistakes={
            "the slope is taken as s: it is s · (1 - s)": lambda: cotangent * s,
            "the slope is taken as 1 - s: it is s · (1 - s)": lambda: cotangent * (1 - s),
            "sigmoid is applied to the saved output once more": lambda: (
                cotangent * s.sigmoid() * (1 - s.sigmoid())
            ),
        },
    )


@pytest.mark.task("Sigmoid")
def test_sigmoid_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.Sigmoid.apply(x), torch.sigmoid(x), what="forward")
    check_backward(custom_function.Sigmoid, torch.sigmoid, (x,), torch.full_like(x, 3))


@pytest.mark.task("Sigmoid")
def test_sigmoid_saves_its_output_and_not_its_input(device):
    x = sample((4, 3), device=device, requires_grad=True)

    y = custom_function.Sigmoid.apply(x)

    saved = node_of(custom_function.Sigmoid, y).saved_tensors
    assert len(saved) == 1, f"forward saves {len(saved)} tensors; save one, the output"
    assert saved[0].data_ptr() == y.data_ptr(), (
        "the tensor that forward saves is not its output: save the very tensor that is returned"
    )


@pytest.mark.task("Sigmoid")
def test_sigmoid_needs_no_sigmoid_in_backward(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)
    # A saved output can be had only while the output itself is alive.
    y = custom_function.Sigmoid.apply(x.requires_grad_())

    guard = forbid("sigmoid", "special_expit", "logsigmoid", reason="use the saved output")
    with torch.no_grad(), guard:
        custom_function.Sigmoid.backward(node_of(custom_function.Sigmoid, y), cotangent)


@pytest.mark.task("Sigmoid")
def test_sigmoid_has_gradients_of_gradients(device):
    check_gradients(custom_function.Sigmoid.apply, (sample((2, 2), device=device),))


@pytest.mark.task("Sigmoid")
def test_sigmoid_notices_when_its_output_is_changed_before_backward(device):
    check_edits_are_noticed(custom_function.Sigmoid.apply, (sample((4, 3), device=device),))


# BroadcastMul

any_broadcast = pytest.mark.parametrize(
    "shapes",
    [
        ((4, 1), (4, 3)),
        ((3,), (4, 3)),
        ((), (4, 3)),
        ((2, 1, 3), (4, 1)),
        ((4, 3), (4, 3)),
        ((), ()),
    ],
    ids=str,
)


@pytest.mark.task("BroadcastMul")
@any_broadcast
def test_broadcast_mul_is_a_product(shapes, device):
    x, y = (sample(shape, device=device) for shape in shapes)

    with unchanged(x, y):
        product = custom_function.BroadcastMul.apply(x, y)

    check(product, x * y, what="forward")


@pytest.mark.task("BroadcastMul")
@any_broadcast
def test_broadcast_mul_gives_each_operand_a_gradient_of_its_own_shape(shapes, device):
    x, y = (sample(shape, device=device) for shape in shapes)
    cotangent = sample(np.broadcast_shapes(*shapes), device=device)

    check_backward(
        custom_function.BroadcastMul,
        torch.mul,
        (x, y),
        cotangent,
        mistakes={
            "the gradient for x is built from x and the one for y from y": lambda: [
                (cotangent * x).sum_to_size(x.shape),
                (cotangent * y).sum_to_size(y.shape),
            ]
        },
    )


@pytest.mark.task("BroadcastMul")
def test_broadcast_mul_takes_strided_operands(device):
    x, y = (sample((4, 3), device=device, strided=True) for _ in range(2))
    cotangent = sample((3, 4), device=device).T

    check(custom_function.BroadcastMul.apply(x, y), x * y, what="forward")
    check_backward(custom_function.BroadcastMul, torch.mul, (x, y), cotangent)


@pytest.mark.task("BroadcastMul")
def test_broadcast_mul_keeps_float32(device):
    x = sample((4, 1), device=device, dtype=torch.float32)
    y = sample((4, 3), device=device, dtype=torch.float32)

    check_backward(custom_function.BroadcastMul, torch.mul, (x, y), torch.full_like(y, 3))


@pytest.mark.task("BroadcastMul")
def test_broadcast_mul_has_gradients_of_gradients(device):
    x, y = sample((2, 1), device=device), sample((2, 2), device=device)

    check_gradients(custom_function.BroadcastMul.apply, (x, y))


@pytest.mark.task("BroadcastMul")
def test_broadcast_mul_notices_when_an_operand_is_changed_before_backward(device):
    x, y = sample((4, 1), device=device), sample((4, 3), device=device)

    check_edits_are_noticed(custom_function.BroadcastMul.apply, (x, y))


# NumpySin

no_torch_sine = pytest.mark.forbid("sin", "cos", "sinc", reason="let NumPy compute it")


@pytest.mark.task("NumpySin")
@no_torch_sine
@any_layout
def test_numpy_sin_is_the_sine(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.NumpySin.apply(x)

    check(y, torch.sin(x), what="forward")


@pytest.mark.task("NumpySin")
@no_torch_sine
@any_layout
def test_numpy_sin_multiplies_what_comes_in_by_the_cosine(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(
        custom_function.NumpySin,
        torch.sin,
        (x,),
        cotangent,
        mistakes={"the slope is taken as sin x: it is cos x": lambda: cotangent * x.sin()},
    )


@pytest.mark.task("NumpySin")
def test_numpy_sin_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.NumpySin.apply(x), torch.sin(x), what="forward")
    check_backward(custom_function.NumpySin, torch.sin, (x,), torch.full_like(x, 3))


@pytest.mark.task("NumpySin")
def test_numpy_sin_has_the_gradient_that_finite_differences_measure(device):
    x = sample((4, 3), device=device)

    check_gradients(custom_function.NumpySin.apply, (x,), twice=False)


@pytest.mark.task("NumpySin")
def test_numpy_sin_refuses_a_gradient_of_the_gradient(device):
    x = sample((4, 3), device=device, requires_grad=True)
    y = custom_function.NumpySin.apply(x)

    with raises(
        RuntimeError,
        when="a gradient of the gradient is asked for, which autograd cannot see in NumPy",
        advice="mark backward with once_differentiable",
    ):
        (gradient,) = torch.autograd.grad((y * y).sum(), x, create_graph=True)
        # A second path to x, so that a gradient which is merely cut off is found out.
        (gradient.sum() + x.square().sum()).backward()


@pytest.mark.task("NumpySin")
def test_numpy_sin_notices_when_x_is_changed_before_backward(device):
    check_edits_are_noticed(custom_function.NumpySin.apply, (sample((4, 3), device=device),))


# Linear

any_rows = pytest.mark.parametrize("rows", [(), (5,), (2, 4)], ids=["1-d", "2-d", "3-d"])
with_or_without_bias = pytest.mark.parametrize("biased", [True, False], ids=["bias", "no bias"])


def affine(rows, device, *, biased=True, dtype=torch.float64):
    """Return x, weight and bias for a layer from 3 to 2 features."""
    x, weight = (sample(s, device=device, dtype=dtype) for s in ((*rows, 3), (2, 3)))
    return x, weight, sample((2,), device=device, dtype=dtype) if biased else None


@pytest.mark.task("Linear")
@any_rows
@with_or_without_bias
def test_linear_is_torchs(rows, biased, device):
    x, weight, bias = affine(rows, device, biased=biased)

    with unchanged(x, weight):
        y = custom_function.Linear.apply(x, weight, bias)

    check(y, F.linear(x, weight, bias), what="forward")


@pytest.mark.task("Linear")
@any_rows
@with_or_without_bias
def test_linear_gives_torchs_gradients(rows, biased, device):
    inputs = affine(rows, device, biased=biased)
    cotangent = sample((*rows, 2), device=device)

    check_backward(custom_function.Linear, F.linear, inputs, cotangent)


@pytest.mark.task("Linear")
def test_linear_takes_an_incoming_gradient_that_is_not_contiguous(device):
    inputs = affine((2, 4), device)
    cotangent = sample((2, 2, 4), device=device).transpose(1, 2)

    check_backward(custom_function.Linear, F.linear, inputs, cotangent)


@pytest.mark.task("Linear")
@pytest.mark.parametrize("frozen", [0, 1, 2], ids=["x", "weight", "bias"])
def test_linear_gives_none_for_what_is_frozen(frozen, device):
    inputs = [t.requires_grad_(i != frozen) for i, t in enumerate(affine((5,), device))]

    gradients = backward_of(custom_function.Linear, inputs, sample((5, 2), device=device))

    name = ("x", "weight", "bias")[frozen]
    assert gradients[frozen] is None, (
        f"backward: {name} is frozen, and yet a gradient for {name} is returned: "
        "ask ctx.needs_input_grad, and return None"
    )


@pytest.mark.task("Linear")
@pytest.mark.parametrize("frozen", [0, 1], ids=["x", "weight"])
def test_linear_computes_one_matrix_product_when_x_or_weight_is_frozen(frozen, device):
    inputs = [t.requires_grad_(i != frozen) for i, t in enumerate(affine((5,), device))]

    with count_operations() as count:
        custom_function.Linear.apply(*inputs)
        forward = dict(count)
        backward_of(custom_function.Linear, inputs, sample((5, 2), device=device))

    # The second forward is part of backward_of.
    products = sum(count[n] - 2 * forward.get(n, 0) for n in ("mm", "addmm", "bmm", "mv", "dot"))
    assert products <= 1, (
        f"backward: {('x', 'weight')[frozen]} is frozen, and {products} matrix products are "
        "computed: skip the one whose result nobody asks for"
    )


@pytest.mark.task("Linear")
def test_linear_keeps_float32(device):
    inputs = affine((5,), device, dtype=torch.float32)
    cotangent = sample((5, 2), device=device, dtype=torch.float32)

    check_backward(custom_function.Linear, F.linear, inputs, cotangent)


@pytest.mark.task("Linear")
@pytest.mark.parametrize("rows", [(), (2,), (2, 1)], ids=["one row", "two rows", "batches of rows"])
def test_linear_has_gradients_of_gradients(rows, device):
    check_gradients(custom_function.Linear.apply, affine(rows, device))


@pytest.mark.task("Linear")
def test_linear_notices_when_x_or_weight_is_changed_before_backward(device):
    check_edits_are_noticed(custom_function.Linear.apply, affine((5,), device))


# MaxWithIndex

any_dim = pytest.mark.parametrize("dim", [0, 1, -1, -2])


@pytest.mark.task("MaxWithIndex")
@any_dim
def test_max_with_index_finds_values_and_indices(dim, device):
    x = sample((4, 3), device=device)

    with unchanged(x):
        found = custom_function.MaxWithIndex.apply(x, dim)

    check(found, tuple(torch.max(x, dim)), what="forward")


def gradient_of_max(x, dim, cotangent):
    """Return torch's own gradient for x."""
    x = x.detach().requires_grad_()
    return torch.autograd.grad(torch.max(x, dim).values, x, cotangent)[0]


@pytest.mark.task("MaxWithIndex")
@any_dim
def test_max_with_index_sends_the_gradient_to_the_largest_values(dim, device):
    x = sample((4, 3), device=device, strided=True)
    cotangent = sample(torch.max(x, dim).values.shape, device=device)

    (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, dim), cotangent, None)

    check(
        gradient,
        gradient_of_max(x, dim, cotangent),
        what="backward",
        mistakes={
            "the incoming gradient is left out": lambda: gradient_of_max(
                x, dim, torch.ones_like(cotangent)
            )
        },
    )


@pytest.mark.task("MaxWithIndex")
@pytest.mark.parametrize("shape, dim", [((5,), 0), ((2, 3, 4), 1), ((2, 3, 4), -3)], ids=str)
def test_max_with_index_takes_any_number_of_axes(shape, dim, device):
    x = sample(shape, device=device)
    cotangent = sample(torch.max(x, dim).values.shape, device=device)

    (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, dim), cotangent, None)

    check(custom_function.MaxWithIndex.apply(x, dim), tuple(torch.max(x, dim)), what="forward")
    check(gradient, gradient_of_max(x, dim, cotangent), what="backward")


@pytest.mark.task("MaxWithIndex")
def test_max_with_index_marks_the_indices_as_not_differentiable(device):
    x = sample((4, 3), device=device, requires_grad=True)

    _, indices = custom_function.MaxWithIndex.apply(x, 1)

    check(indices, torch.max(x, 1).indices, what="the indices")


@pytest.mark.task("MaxWithIndex")
def test_max_with_index_gets_none_for_the_indices_and_for_what_nobody_used(device):
    received = []

    class Observed(custom_function.MaxWithIndex):
        @staticmethod
        def backward(ctx, *gradients):
            received.extend(gradients)
            return custom_function.MaxWithIndex.backward(ctx, *gradients)

    values, _ = Observed.apply(sample((4, 3), device=device, requires_grad=True), 1)
    values.sum().backward()

    assert received[1] is None, (
        "forward: a gradient that nobody computed comes into backward as zeros: "
        "call ctx.set_materialize_grads(False)"
    )


@pytest.mark.task("MaxWithIndex")
def test_max_with_index_answers_none_with_none(device):
    x = sample((4, 3), device=device)

    (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, 1), None, None)

    assert gradient is None, (
        f"backward: grad_values is None, and the gradient for x is {gradient}: return None"
    )


@pytest.mark.task("MaxWithIndex")
def test_max_with_index_notices_when_the_indices_are_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(lambda x: custom_function.MaxWithIndex.apply(x, 1), (x,))


@pytest.mark.task("MaxWithIndex")
def test_max_with_index_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    cotangent = sample((4,), device=device, dtype=torch.float32)

    (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, 1), cotangent, None)

    check(gradient, gradient_of_max(x, 1, cotangent), what="backward")


@pytest.mark.task("MaxWithIndex")
def test_max_with_index_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device)

    check_gradients(lambda x: custom_function.MaxWithIndex.apply(x, -1)[0].square(), (x,))


# Sinh


def sinh_and_exponentials(x):
    """Return what Sinh must, computed by torch."""
    return torch.sinh(x), torch.exp(x), torch.exp(-x)


@pytest.mark.task("Sinh")
@any_layout
def test_sinh_gives_the_hyperbolic_sine_and_both_exponentials(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        three = custom_function.Sinh.apply(x)

    check(three, sinh_and_exponentials(x), what="forward")


@pytest.mark.task("Sinh")
@any_layout
def test_sinh_adds_up_what_comes_in_through_all_three(layout, device):
    x = sample(**layout, device=device)
    cotangents = [sample(**layout, device=device) for _ in range(3)]

    check_backward(
        custom_function.Sinh,
        sinh_and_exponentials,
        (x,),
        *cotangents,
        mistakes={
            "only the first output counts: add what comes in through the exponentials": lambda: (
                cotangents[0] * x.cosh()
            ),
            "the slope of exp(-x) is taken as exp(-x): it is -exp(-x)": lambda: (
                cotangents[0] * x.cosh() + cotangents[1] * x.exp() + cotangents[2] * (-x).exp()
            ),
        },
    )


@pytest.mark.task("Sinh")
def test_sinh_calls_exp_at_most_twice_in_forward_and_never_in_backward(device):
    x = sample((4, 3), device=device, requires_grad=True)
    cotangents = [sample((4, 3), device=device) for _ in range(3)]

    with count_operations() as forward:
        three = custom_function.Sinh.apply(x)
    with count_operations() as backward, torch.no_grad():
        custom_function.Sinh.backward(node_of(custom_function.Sinh, three[0]), *cotangents)

    assert forward["exp"] <= 2, f"forward calls exp {forward['exp']} times; twice is enough"
    made = sorted({"exp", "exp_", "sinh", "cosh", "expm1", "pow"} & backward.keys())
    assert not made, f"backward calls {', '.join(made)}: use what forward saved"


@pytest.mark.task("Sinh")
def test_sinh_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.Sinh.apply(x), sinh_and_exponentials(x), what="forward")


@pytest.mark.task("Sinh")
@pytest.mark.parametrize("output", [0, 1, 2], ids=["sinh", "exp(x)", "exp(-x)"])
def test_sinh_has_gradients_of_gradients_through_each_output(output, device):
    x = sample((2, 2), device=device)

    check_gradients(lambda x: custom_function.Sinh.apply(x)[output], (x,))


@pytest.mark.task("Sinh")
def test_sinh_has_gradients_of_gradients_through_all_outputs(device):
    check_gradients(custom_function.Sinh.apply, (sample((2, 2), device=device),))


@pytest.mark.task("Sinh")
def test_sinh_notices_when_an_exponential_is_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(lambda x: custom_function.Sinh.apply(x)[1:], (x,))


# Exp

jit_is_deprecated = pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")


@pytest.mark.task("Exp")
@any_layout
def test_exp_is_torchs(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Exp.apply(x)

    check(y, torch.exp(x), what="forward")


@pytest.mark.task("Exp")
@any_layout
def test_exp_multiplies_what_comes_in_by_itself(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(custom_function.Exp, torch.exp, (x,), cotangent)


@pytest.mark.task("Exp")
def test_exp_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.Exp.apply(x), torch.exp(x), what="forward")


@pytest.mark.task("Exp")
def test_exp_has_gradients_of_gradients(device):
    check_gradients(custom_function.Exp.apply, (sample((2, 2), device=device),))


@pytest.mark.task("Exp")
def test_exp_notices_when_a_tensor_it_needs_is_changed_before_backward(device):
    check_edits_are_noticed(custom_function.Exp.apply, (sample((4, 3), device=device),))


@pytest.mark.task("Exp")
def test_exp_works_under_torch_func_grad(device):
    x = sample((4, 3), device=device)

    gradient = torch.func.grad(lambda x: custom_function.Exp.apply(x).square().sum())(x)

    check(gradient, 2 * torch.exp(2 * x), what="torch.func.grad of exp(x)²")


@pytest.mark.task("Exp")
@jit_is_deprecated
def test_exp_pushes_a_tangent_forward(device):
    x, tangent = sample((4, 3), device=device), sample((4, 3), device=device)

    _, pushed = torch.func.jvp(custom_function.Exp.apply, (x,), (tangent,))

    check(
        pushed,
        tangent * torch.exp(x),
        what="jvp",
        mistakes={"the tangent is left out": lambda: torch.exp(x)},
    )


@pytest.mark.task("Exp")
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_exp_maps_over_any_axis(axis, device):
    x = sample((4, 3), device=device)

    mapped = torch.func.vmap(custom_function.Exp.apply, in_dims=axis)(x)

    check(
        mapped,
        torch.exp(x.movedim(axis, 0)),
        what=f"vmap over axis {axis}",
        mistakes={"vmap returns 0 as the result's axis, wherever in_dims is": lambda: torch.exp(x)},
    )


@pytest.mark.task("Exp")
def test_exp_gives_a_gradient_for_each_member_of_a_batch(device):
    x = sample((4, 3), device=device)

    one = torch.func.grad(lambda row: custom_function.Exp.apply(row).square().sum())

    check(torch.func.vmap(one)(x), 2 * torch.exp(2 * x), what="vmap(grad(exp(x)²))")


@pytest.mark.task("Exp")
def test_exp_takes_a_batch_of_incoming_gradients(device):
    x = sample((4,), device=device, requires_grad=True)
    y = custom_function.Exp.apply(x)

    (gradients,) = torch.autograd.grad(
        y, x, torch.eye(4, dtype=x.dtype, device=device), is_grads_batched=True
    )

    check(gradients, torch.diag(y.detach()), what="backward of a batch of incoming gradients")


@pytest.mark.task("Exp")
def test_exp_lets_a_gradient_through_a_batch(device):
    x = sample((4, 3), device=device)

    def mapped(x):
        return torch.func.vmap(custom_function.Exp.apply, in_dims=1)(x).square().sum()

    check(torch.func.grad(mapped)(x), 2 * torch.exp(2 * x), what="grad(vmap(exp)²)")


@pytest.mark.task("Exp")
@jit_is_deprecated
def test_exp_has_a_gradient_of_the_tangent(device):
    x, tangent = sample((4, 3), device=device), sample((4, 3), device=device)

    def pushed(x):
        return torch.func.jvp(custom_function.Exp.apply, (x,), (tangent,))[1].sum()

    check(torch.func.grad(pushed)(x), tangent * torch.exp(x), what="the gradient of the jvp")
