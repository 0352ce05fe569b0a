"""Where two values differ, how that is said, and which mistake is named."""

import math
from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch import nn

from gradkata.checks.diagnosis import describe, find_fault, find_mistake
from gradkata.checks.explanations import broadcast_axes
from gradkata.checks.values import Tolerance

NAN, INF = float("nan"), float("inf")


def fault(yours, expected, **tolerance):
    """Return the whole text of what is wrong; "" if nothing is."""
    found = find_fault(yours, expected, Tolerance(**tolerance))
    return "\n".join([*found.lines, found.explanation]).rstrip() if found else ""


def tensor(*values, **options):
    return torch.tensor(values, **({"dtype": torch.float64} | options))


any_values = arrays.arrays(
    st.sampled_from(["float64", "float32", "float16", "int64", "uint8", "bool", "complex128"]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
some_reals = arrays.arrays(
    "float64",
    arrays.array_shapes(min_dims=0, max_dims=3, max_side=3),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


class Agreeable(torch.Tensor):
    """A tensor that says yes to every comparison."""

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func.__name__ in ("allclose", "equal", "eq", "__eq__"):
            return True
        return super().__torch_function__(func, types, args, kwargs or {})


# Equal values


@given(any_values)
def test_a_tensor_equals_its_own_copy(values):
    x = torch.from_numpy(values)

    assert fault(x.clone(), x) == ""


@given(any_values)
def test_an_array_equals_its_own_copy(values):
    assert fault(values.copy(), values) == ""


@given(st.floats())
def test_a_float_equals_itself(value):
    assert fault(value, value) == ""


@pytest.mark.parametrize(
    "value", [None, True, 3, "AddBackward0", torch.float64, [], {}, (1, [2.0])]
)
def test_any_other_value_equals_itself(value):
    assert fault(value, value) == ""


@pytest.mark.parametrize("value", [NAN, INF, -INF, 0.0, 1.5])
def test_bfloat16_equals_itself(value):
    x = tensor(value, dtype=torch.bfloat16)

    assert fault(x.clone(), x) == ""


def test_a_conjugate_view_equals_its_values():
    x = tensor(1 + 2j, dtype=torch.complex128)

    assert fault(x.conj(), tensor(1 - 2j, dtype=torch.complex128)) == ""


@pytest.mark.parametrize("number", [2, 2.0, np.float64(2.0)], ids=["int", "float", "np.float64"])
def test_a_float_may_be_any_real_number_of_python(number):
    assert fault(number, 2.0) == ""


def test_a_list_may_stand_for_a_tuple():
    assert fault([1.0, 2.0], (1.0, 2.0)) == ""


def test_mappings_may_differ_in_order():
    assert fault({"b": 2.0, "a": 1.0}, {"a": 1.0, "b": 2.0}) == ""


# Kinds


@pytest.mark.parametrize(
    ("yours", "words"),
    [
        (None, "yours is None, a tensor is due"),
        (2.0, "yours is the float 2.0, a tensor is due"),
        (np.ones(2), "yours is a NumPy array of shape (2,), a tensor is due"),
        ([1.0], "yours is a list, a tensor is due"),
        (object(), "yours is an object, a tensor is due"),
    ],
    ids=["None", "float", "array", "list", "object"],
)
def test_what_is_no_tensor_is_named(yours, words):
    assert fault(yours, torch.ones(2)) == words


def test_a_subclass_that_says_yes_to_every_comparison_is_refused():
    words = "yours is of Agreeable, a subclass of torch.Tensor: a plain tensor is due"

    assert fault(torch.zeros(2).as_subclass(Agreeable), torch.ones(2)) == words


def test_a_parameter_is_no_plain_tensor():
    words = "yours is of Parameter, a subclass of torch.Tensor: a plain tensor is due"

    assert fault(nn.Parameter(torch.ones(2)), torch.ones(2)) == words


def test_a_tensor_is_no_parameter():
    assert fault(torch.ones(2), nn.Parameter(torch.ones(2))).endswith("a parameter is due")


def test_an_attribute_of_a_tensor_cannot_hide_its_values():
    yours = torch.zeros(2)
    yours.detach = lambda: torch.ones(2)

    assert "2 of 2 elements differ" in fault(yours, torch.ones(2))


def test_a_sparse_tensor_is_named():
    yours = torch.ones(2).to_sparse()

    assert fault(yours, torch.ones(2)) == "yours is torch.sparse_coo, torch's is torch.strided"


@pytest.mark.parametrize(
    ("yours", "words"),
    [
        (True, "yours is True, a Python float is due"),
        (None, "yours is None, a Python float is due"),
        ("2", "yours is the str '2', a Python float is due"),
        (torch.tensor(2.0), "yours is a tensor of shape (), a Python float is due"),
        (np.float32(2), "yours is the NumPy float32 2.0, a Python float is due"),
        (10**400, "yours is an int too large for a float"),
    ],
    ids=["bool", "None", "str", "tensor", "np.float32", "huge"],
)
def test_what_is_no_float_is_named(yours, words):
    assert fault(yours, 2.0) == words


@pytest.mark.parametrize(
    ("yours", "expected", "words"),
    [
        (1, True, "yours is the int 1, True is due"),
        (np.True_, True, "yours is the NumPy bool True, True is due"),
        (False, None, "yours is False, None is due"),
        (2, 3, "yours is the int 2, the int 3 is due"),
        ("a", "b", "yours is the str 'a', the str 'b' is due"),
        (torch.float32, torch.float64, "yours is a dtype, a dtype is due"),
    ],
    ids=["int", "np.bool", "None", "ints", "strings", "dtypes"],
)
def test_values_of_other_kinds_must_be_equal(yours, expected, words):
    assert fault(yours, expected) == words


@pytest.mark.parametrize(
    ("yours", "words"),
    [
        (torch.ones(2), "yours is a tensor of shape (2,), a NumPy array is due"),
        (np.ones((2, 1)), "yours has shape (2, 1), (2,) is due"),
        (np.ones(2, "float32"), "yours is float32, float64 is due"),
        (np.array([1.0, 2.0]), "1 of 2 elements differ, most at [1]"),
    ],
    ids=["tensor", "shape", "dtype", "value"],
)
def test_an_array_is_compared_like_a_tensor(yours, words):
    assert fault(yours, np.ones(2)).startswith(words)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (nn.Parameter(torch.ones(1)), "a Parameter of shape (1,)"),
        (torch.ones(1).as_subclass(Agreeable), "an Agreeable of shape (1,)"),
        ((1, 2), "a tuple"),
        (type("", (), {})(), "a "),
    ],
    ids=["parameter", "subclass", "tuple", "of a class without a name"],
)
def test_a_value_is_described_by_its_kind(value, words):
    assert describe(value) == words


# Shape, dtype, device, graph


def test_another_shape_is_named():
    assert fault(torch.ones(3), torch.ones(2)) == "yours has shape (3,), torch's (2,)"


def test_a_transposed_result_is_named_by_its_shape():
    expected = torch.arange(6.0).reshape(2, 3)

    words = "This is exactly what you get when the result is transposed."
    assert fault(expected.T, expected).endswith(words)


@pytest.mark.parametrize(
    ("shape", "axes"), [((2, 1), "axis 1"), ((3,), "axis 0"), ((), "axes 0 and 1")], ids=str
)
def test_a_sum_over_a_broadcast_axis_that_is_missing_is_named(shape, axes):
    yours = torch.arange(6.0).reshape(2, 3)

    words = f"The values are torch's before they are summed: sum over the broadcast {axes}."
    assert fault(yours, yours.sum_to_size(shape)).endswith(words)


def test_a_missing_sum_is_not_named_where_the_sum_would_be_wrong():
    assert fault(torch.ones(2, 3), torch.ones(2, 1)) == "yours has shape (2, 3), torch's (2, 1)"


def test_infinities_that_cancel_in_a_sum_are_no_error():
    assert "has shape (2,)" in fault(tensor(INF, -INF), torch.tensor(0.0, dtype=torch.float64))


@pytest.mark.parametrize("shape", [(6, 1), (1, 6), (2, 3)], ids=str)
def test_right_values_in_another_shape_are_named(shape):
    words = "The values are right, only the shape is not."

    assert fault(torch.arange(6.0).reshape(shape), torch.arange(6.0)).endswith(words)


def test_another_dtype_is_named():
    words = "yours is torch.float32, torch's is torch.float64"

    assert fault(torch.ones(2), torch.ones(2, dtype=torch.float64)) == words


def test_another_device_is_named():
    assert fault(torch.ones(2, device="meta"), torch.ones(2)) == "yours is on meta, torch's on cpu"


def test_another_shape_on_another_device_is_named():
    yours = torch.ones(3, device="meta")

    assert fault(yours, torch.ones(2)) == "yours has shape (3,), torch's (2,)"


def test_a_result_cut_from_the_graph_is_named():
    words = "yours is cut from the graph (requires_grad is False): no gradient can flow back"

    assert fault(torch.ones(2), torch.ones(2, requires_grad=True)).startswith(words)


def test_a_leaf_that_records_is_named():
    words = "yours still has a graph attached (requires_grad is True): return it without one"

    assert fault(torch.ones(2, requires_grad=True), torch.ones(2)) == words


def test_a_result_with_a_graph_is_named_with_its_node():
    yours = torch.ones(2, requires_grad=True) * 1

    assert "(grad_fn is MulBackward0): return it without one" in fault(yours, torch.ones(2))


def test_zeros_of_torchs_own_making_may_require_grad():
    filled_in = torch.zeros(2, requires_grad=True)

    assert fault(filled_in, torch.zeros(2)) == ""
    assert (
        fault(
            torch.stack([filled_in, tensor(1.0, 2.0, dtype=torch.float32)])[1],
            tensor(1.0, 2.0, dtype=torch.float32),
        )
        == ""
    )


def test_zeros_for_a_gradient_that_is_not_there_are_right_on_every_torch():
    x, other = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)

    (zeros,) = torch.autograd.grad((other * 2).sum(), x, materialize_grads=True)

    assert fault(zeros, torch.zeros(2)) == ""


@pytest.mark.parametrize(
    "yours",
    [
        lambda: torch.zeros(2, requires_grad=True) * torch.ones(2, requires_grad=True),
        lambda: torch.zeros(2) * torch.ones(2, requires_grad=True),
        lambda: nn.Parameter(torch.zeros(2)) * 1,
        lambda: torch.zeros(2, requires_grad=True).add(torch.ones((), requires_grad=True) * 0),
    ],
    ids=["a leaf beside zeros", "a leaf", "a parameter of zeros", "a leaf times 0"],
)
def test_a_graph_that_leads_to_anything_else_is_a_fault(yours):
    assert "yours still has a graph attached" in fault(yours(), torch.zeros(2))


def test_zeros_whose_gradient_was_asked_for_are_no_filling():
    leaf = torch.zeros(2, requires_grad=True)
    leaf.sum().backward()

    assert "yours still has a graph attached" in fault(leaf * 1, torch.zeros(2))


def test_zeros_without_memory_are_zeros():
    x, v = sample_of_12(), sample_of_12()
    torch.full((12,), 7.0, dtype=torch.float64)  # what freed memory may hold

    zeros = torch.func.grad(lambda t: torch.func.jvp(lambda z: (v * z).sum(), (t,), (v,))[1])(x)

    assert fault(zeros.detach(), torch.zeros(12, dtype=torch.float64)) == ""


def sample_of_12():
    return torch.linspace(1, 2, 12, dtype=torch.float64)


def test_the_shape_is_told_before_dtype_and_values():
    assert "has shape" in fault(torch.zeros(3), torch.ones(2, dtype=torch.float64))


# Values


@given(some_reals, st.data())
def test_one_perturbed_element_is_found_and_shown(values, data):
    index = tuple(data.draw(st.integers(0, size - 1)) for size in values.shape)
    yours = torch.from_numpy(values.copy())
    yours[index] += 1e-3 * max(1.0, abs(float(yours[index])))

    text = fault(yours, torch.from_numpy(values))

    count = f"1 of {values.size} elements differ, most at {list(index)}"
    assert text.startswith(count if values.ndim else "it differs")


@given(some_reals)
def test_a_difference_within_the_tolerance_is_none(values):
    expected = torch.from_numpy(values)

    assert fault(expected * (1 + 0.5e-9), expected) == ""


@pytest.mark.parametrize(
    ("dtype", "inside", "outside"),
    [
        (torch.float64, 5e-10, 5e-9),
        (torch.float32, 5e-6, 5e-5),
        (torch.float16, 5e-4, 5e-3),
        (torch.bfloat16, 8e-3, 4e-2),
    ],
    ids=str,
)
def test_the_tolerance_suits_the_dtype(dtype, inside, outside):
    expected = tensor(1.0, dtype=dtype)

    assert fault(tensor(1 + inside, dtype=dtype), expected) == ""
    assert fault(tensor(1 + outside, dtype=dtype), expected) != ""


def test_a_tolerance_that_is_given_counts_instead():
    assert fault(1.1, 1.0, relative=0.2) == ""
    assert fault(0.1, 0.0, absolute=0.2) == ""
    assert fault(math.nextafter(1.0, 2.0), 1.0, relative=0.0, absolute=0.0) != ""


@pytest.mark.parametrize(
    ("yours", "expected"),
    [(1e300, INF), (INF, -INF), (INF, 1.0), (NAN, 1.0), (1.0, NAN), (NAN, INF)],
)
def test_no_number_stands_for_an_infinity_or_nan(yours, expected):
    assert fault(tensor(yours), tensor(expected)).startswith("1 of 1 elements differ")


def test_infinite_tolerance_takes_no_number_for_an_infinity():
    assert fault(1.0, INF, relative=0.1) != ""


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool, torch.uint8], ids=str)
def test_integers_and_booleans_must_be_equal(dtype):
    text = fault(tensor(0, 1, dtype=dtype), tensor(1, 1, dtype=dtype))

    assert text.startswith("1 of 2 elements differ, most at [0]")


def test_integers_that_float64_cannot_tell_apart_differ():
    assert fault(tensor(2**53 + 1, dtype=torch.int64), tensor(2**53, dtype=torch.int64)) != ""


def test_the_worst_place_is_shown_with_its_row():
    yours, expected = tensor([1.0, 2.0], [3.0, 4.5]), tensor([1.5, 2.0], [3.0, 9.0])

    assert fault(yours, expected).splitlines() == [
        "2 of 4 elements differ, most at [1, 1]",
        "  yours   3.0000   4.5000",
        "  torch   3.0000   9.0000",
    ]


def test_nan_is_the_worst_place():
    assert "most at [1]" in fault(tensor(100.0, NAN, 0.0), tensor(0.0, 1.0, 0.0))


def test_of_a_long_row_six_values_around_the_worst_are_shown():
    expected = torch.arange(20.0)
    yours = expected.clone()
    yours[10] = 99

    shown = fault(yours, expected).splitlines()[1].split()[1:]

    assert shown == ["7.0000", "8.0000", "9.0000", "99.0000", "11.0000", "12.0000"]


def test_a_0d_value_is_shown_without_a_place():
    text = fault(torch.tensor(2.5), torch.tensor(1.0))

    assert text.splitlines() == ["it differs", "  yours   2.5000", "  torch   1.0000"]


@given(st.floats(1e-3, 9e3), st.booleans())
def test_as_many_digits_are_shown_as_tell_the_values_apart(value, upwards):
    near = math.nextafter(value, INF if upwards else -INF)

    _, yours, due = fault(near, value, relative=0.0, absolute=0.0).splitlines()[:3]

    assert yours.split()[1] != due.split()[1]


@pytest.mark.parametrize(
    ("values", "shown"),
    [((1e-9, 12345.0), "1e-09   1.234e+04"), ((True, False), "True   False")],
    ids=["wide", "bool"],
)
def test_values_that_need_no_decimals_are_shown_short(values, shown):
    due = torch.tensor(values)

    assert shown in fault(torch.zeros_like(due), due) + fault(due, torch.zeros_like(due))


def test_complex_values_are_shown():
    text = fault(tensor(1j, dtype=torch.complex128), tensor(2j, dtype=torch.complex128))

    assert "yours   1j" in text


# Members


@pytest.mark.parametrize(
    ("yours", "expected", "words"),
    [
        (1.0, (1.0, 2.0), "yours is the float 1.0, a tuple of 2 is due"),
        (None, [1.0], "yours is None, a list of 1 is due"),
        ((1.0,), (1.0, 2.0), "yours has length 1, 2 is due"),
        ((1.0, 3.0), (1.0, 2.0), "yours[1]: it differs"),
        ((1.0, (2.0, None)), (1.0, (2.0, 3.0)), "yours[1][1] is None, a Python float is due"),
        ([torch.ones(2)], [torch.ones(3)], "yours[0] has shape (2,), torch's (3,)"),
        (None, {"a": 1.0}, "yours is None, a dict is due"),
        ({}, {"a": 1.0}, "yours lacks the key 'a'"),
        ({"a": 1.0, "b": 2.0}, {"a": 1.0}, "yours has the key 'b', which is not due"),
        ({"a": [1.0, 3.0]}, {"a": [1.0, 2.0]}, "yours['a'][1]: it differs"),
    ],
    ids=lambda value: "" if isinstance(value, str) else repr(value)[:20],
)
def test_the_member_that_differs_is_named(yours, expected, words):
    assert fault(yours, expected).startswith(words)


# Mistakes that are known without being told


def test_a_flipped_sign_is_named():
    words = "This is exactly what you get when the sign is flipped."

    assert fault(tensor(-1.0, 2.0), tensor(1.0, -2.0)).endswith(words)


def test_a_transposed_square_matrix_is_named():
    expected = tensor([1.0, 2.0], [3.0, 4.0])

    words = "This is exactly what you get when the result is transposed."
    assert fault(expected.T, expected).endswith(words)


def test_a_result_of_zeros_is_named():
    assert fault(tensor(0.0, 0.0), tensor(1.0, 0.0)).endswith("Every element of yours is 0.")


@pytest.mark.parametrize(
    ("yours", "words"),
    [
        ((NAN, 2.0), "1 of yours is NaN, none of torch's is."),
        ((NAN, NAN), "2 of yours are NaN, none of torch's is."),
    ],
    ids=["one", "all"],
)
def test_nan_is_counted(yours, words):
    assert fault(tensor(*yours), tensor(1.0, 2.0)).endswith(words)


@pytest.mark.parametrize(
    ("yours", "expected", "factor"),
    [
        ((2.0,), (1.0,), "2"),
        ((0.25,), (-1.0,), "-0.25"),
        ((1.7, 3.4, 5.1), (1.0, 2.0, 3.0), "1.7"),
    ],
    ids=["twice", "a quarter", "any, of three"],
)
def test_a_constant_factor_is_named(yours, expected, factor):
    words = f"Yours is torch's times {factor}, everywhere."

    assert fault(tensor(*yours), tensor(*expected)).endswith(words)


@pytest.mark.parametrize(
    ("yours", "expected"),
    [
        ((1.7,), (1.0,)),
        ((5.0,), (3.0e-7,)),
        ((123456.0,), (1.0,)),
        ((1.7, 3.4, 0.0), (1.0, 2.0, 1e-9)),
        ((1e300,), (1e-300,)),
        ((1e300, 0.0), (1e-300, 0.0)),
        ((1e-320, 5.0), (1e300, 0.0)),
    ],
    ids=["one value", "tiny", "large", "two values", "overflow", "overflow at 0", "underflow"],
)
def test_a_factor_that_chance_may_give_is_not_named(yours, expected):
    assert "times" not in fault(tensor(*yours), tensor(*expected))


def test_a_result_that_went_through_float32_is_named():
    expected = tensor(1 / 3, 2 / 3, 0.1)

    words = "The two agree to the precision of float32: compute in float64 all the way."
    assert fault(expected.float().double(), expected, relative=1e-9, absolute=0.0).endswith(words)


def test_a_result_that_is_only_as_near_as_float32_is_told_both_causes():
    words = "a step in float32 does that, and so does a difference quotient."

    assert fault(tensor(1 / 3 + 1e-6, 0.7), tensor(1 / 3, 0.7)).endswith(words)


def test_a_small_value_that_is_far_off_is_not_put_down_to_precision():
    assert "precision" not in fault(tensor(2e-6), tensor(3e-7))


@given(arrays.arrays("float64", (2, 2, 2), elements=st.sampled_from([-1.0, 0.0, 1.0, 2.0])))
def test_a_sign_a_transposition_and_zeros_are_named_only_where_they_are_so(both):
    yours, expected = both

    text = fault(torch.from_numpy(yours), torch.from_numpy(expected))

    assert "sign is flipped" not in text or (yours == -expected).all()
    assert "transposed" not in text or (yours == expected.T).all()
    assert "yours is 0" not in text or not yours.any()


# Mistakes that a test names


def named(yours, expected, **mistakes):
    return find_mistake(yours, expected, mistakes, Tolerance())


@pytest.mark.parametrize(
    ("yours", "expected"),
    [
        (tensor(2.0), tensor(1.0)),
        (np.ones(2), np.zeros(2)),
        (2.0, 1.0),
        (None, 1.0),
        ("b", "a"),
        ([tensor(2.0), None], [tensor(1.0), None]),
        ({"w": tensor(2.0)}, {"w": tensor(1.0)}),
        (tensor(2.0, dtype=torch.bfloat16), tensor(1.0, dtype=torch.bfloat16)),
    ],
    ids=["tensor", "array", "float", "None", "str", "list", "dict", "bfloat16"],
)
def test_the_mistake_that_gives_yours_is_named(yours, expected):
    words = "This is exactly what you get when it_is_squared."

    assert named(yours, expected, nothing=expected, it_is_squared=lambda: deepcopy(yours)) == words


@given(any_values)
def test_a_mistake_that_gives_the_right_value_too_is_not_named(values):
    assert named(torch.from_numpy(values), torch.from_numpy(values), same=values.copy()) == ""


@given(some_reals, some_reals, some_reals)
def test_no_mistake_is_named_that_gives_something_else(yours, expected, mistake):
    assume(yours.shape != mistake.shape or np.abs(yours - mistake).max(initial=0) > 1)

    assert named(torch.from_numpy(yours), torch.from_numpy(expected), it=mistake) == ""


def test_a_mistake_that_raises_is_passed_over_and_a_later_one_is_named():
    mistakes = {"it cannot be made": lambda: [][0], "it is left out": torch.zeros(2)}

    named = find_mistake(torch.zeros(2), torch.ones(2), mistakes, Tolerance())

    assert named == "This is exactly what you get when it is left out."


def test_the_first_of_two_mistakes_that_fit_is_named():
    assert "first" in named(2.0, 1.0, first=2.0, second=2.0)


@pytest.mark.parametrize(
    "yours",
    [
        torch.ones(1, device="meta"),
        torch.ones(1).to_sparse(),
        torch.ones(1).as_subclass(Agreeable),
        object(),
        [],
    ],
    ids=["meta", "sparse", "subclass", "object", "list"],
)
def test_a_value_that_cannot_be_read_is_no_known_mistake(yours):
    assert named(yours, tensor(1.0), it=tensor(2.0), they=[tensor(2.0)], all={"a": 1.0}) == ""


# Broadcasting

shapes = arrays.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3)


@given(shapes)
def test_broadcast_axes_are_those_that_sum_to_size_sums_over(shapes):
    small, large = shapes.input_shapes[0], shapes.result_shape
    values = torch.arange(math.prod(large), dtype=torch.float64).reshape(large)

    axes = broadcast_axes(large, small)

    summed = values.sum(axes).reshape(small) if axes else values
    assert torch.equal(summed.reshape(small), values.sum_to_size(small))


@pytest.mark.parametrize(
    ("large", "small"), [((3,), (2, 3)), ((2, 3), (2,)), ((2,), (2,))], ids=str
)
def test_there_are_no_broadcast_axes_where_a_sum_cannot_help(large, small):
    assert broadcast_axes(large, small) == []


def test_zeros_of_a_wrong_shape_are_not_called_unsummed():
    fault = find_fault(torch.zeros(4, 3), torch.zeros(4, 1), Tolerance())

    assert fault.lines == ["yours has shape (4, 3), torch's (4, 1)"]
    assert fault.explanation == ""
