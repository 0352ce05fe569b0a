import function_transforms
import pytest
import torch

from gradkata.checks import (
    Wrong,
    a_leaf,
    check,
    count_operations,
    inside_no_grad,
    raises,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import (
    SWAPPED,
    X_VARIES,
    by_backward,
    demand_that_errors_come_through,
    miss,
    only,
    ready,
    running_once,
    the_wrong_way_round,
    three_layers,
    through,
    tied,
    with_x_varying,
)

pytestmark = pytest.mark.task("gradients_of")

PRODUCTS = {"mm", "addmm", "bmm", "baddbmm", "linear", "matmul"}


def data(device, *, kind=sample, width=4, outputs=2, **options):
    return (kind((5, n), device=device, **options) for n in (width, outputs))


@pytest.mark.parametrize(
    ("names", "kind", "dtype"),
    [(("4.weight", "0.bias"), sample, torch.float64), (["2.bias"], a_leaf, torch.float32)],
    ids=["two, the last first", "one, in float32, where x has a graph and y records"],
)
def test_gradients_of_has_those_of_the_named_parameters_in_their_order(names, kind, dtype, device):
    model = ready(three_layers, device, dtype)
    x, y = data(device, kind=kind, dtype=dtype)
    if x.requires_grad:
        x = through(model, x)
    expected = only(names, by_backward(model, miss, x, y))
    x_varies = only(names, with_x_varying(model, miss, x, y))

    advice = "all gradients come from one forward pass"
    with unchanged(model, x, y), running_once(model, advice=advice):
        result = function_transforms.gradients_of(model, names, miss, x, y)

    check(
        result,
        expected,
        what=f"the gradients for {' and '.join(names)}",
        mistakes={
            SWAPPED: lambda: only(names, by_backward(model, the_wrong_way_round(miss), x, y)),
            X_VARIES: x_varies,
            "they are added to what .grad holds": {
                name: gradient + model.get_parameter(name).grad
                for name, gradient in expected.items()
            },
        },
    )
    if list(result) != list(names):
        raise Wrong(f"the keys come as {list(result)}: let them come as {list(names)}, as in names")


def test_gradients_of_takes_names_of_frozen_and_of_unused_parameters(device):
    model = ready(three_layers, device)
    model[2].requires_grad_(False)
    x, y = data(device)
    names = ["spare", "2.weight", "4.bias"]

    with stale_memory(), unchanged(model), situation("given names of a frozen and an unused one"):
        result = function_transforms.gradients_of(model, names, miss, x, y)

    expected = only(names, by_backward(model, miss, x, y))
    zeros = torch.zeros_like(expected["2.weight"])
    check(
        result,
        expected,
        what="the gradients, where 'spare' is not used and '2.weight' is frozen",
        mistakes={
            "the frozen parameter is held constant: its gradient is asked for": (
                expected | {"2.weight": zeros}
            ),
            "what torch.empty makes is not 0 but what its memory held, here NaN": (
                expected | {"spare": torch.full_like(expected["spare"], float("nan"))}
            ),
        },
    )


def in_one_place(model, place, x, y):
    """Return the gradient for one of the two places of the weight of `tied`."""
    twin = torch.nn.Sequential(*model)
    weights = [twin[0].weight.detach().clone().requires_grad_() for _ in range(2)]
    hidden = torch.tanh(torch.nn.functional.linear(x, weights[0], model[0].bias))
    output = torch.nn.functional.linear(hidden, weights[1], model[2].bias)
    return {"0.weight": torch.autograd.grad(miss(output, y), weights[place])[0]}


def test_gradients_of_adds_up_over_the_places_of_a_tied_weight_also_inside_no_grad(device):
    model = ready(tied, device)
    x, y = data(device, width=3, outputs=3)
    places = "the weight is replaced in {} place alone: both are tied"

    mistakes = {
        places.format(which): in_one_place(model, place, x, y)
        for place, which in enumerate(("its first", "its second"))
    }
    with inside_no_grad(), unchanged(model):
        result = function_transforms.gradients_of(model, ["0.weight"], miss, x, y)

    expected = only(["0.weight"], by_backward(model, miss, x, y))
    check(result, expected, what="the gradient for a weight in two places", mistakes=mistakes)


def test_gradients_of_computes_no_other_gradient(device):
    model = ready(three_layers, device)
    x, y = data(device)

    with count_operations() as count:
        function_transforms.gradients_of(model, ["4.weight"], miss, x, y)

    products = sum(count[name] for name in PRODUCTS)
    if products > 4:
        raise Wrong(
            f"for the last weight of three layers {products} matrix products run; 3 of the forward "
            "pass and 1 are due: compute the gradients for the named parameters alone"
        )


@pytest.mark.parametrize(
    ("make", "unknown"),
    [(three_layers, ["1.weight", "0.absent"]), (three_layers, ["shift"]), (tied, ["2.weight"])],
    ids=["none of it", "a buffer", "the second name of a tied weight"],
)
def test_gradients_of_raises_for_the_first_name_that_is_no_parameters(make, unknown, device):
    model = ready(make, device)
    width = model[0].in_features
    x, y = data(device, width=width, outputs=2 if make is three_layers else width)

    first, names = unknown[0], ["0.bias", *unknown]
    when = f"{first!r} is the first of the names that named_parameters() does not give"
    with unchanged(model), raises(KeyError, when=when, naming=[first]):
        function_transforms.gradients_of(model, names, miss, x, y)


def test_gradients_of_lets_errors_through_and_leaves_the_model_as_it_was(device):
    model = ready(three_layers, device)
    x, y = data(device)

    def call(loss_fn):
        function_transforms.gradients_of(model, ["0.bias"], loss_fn, x, y)

    demand_that_errors_come_through(call, model)
