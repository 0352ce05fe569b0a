import debugging
import pytest
import torch

from gradkata.checks import check, raises, sample, situation, unchanged

from .shared import FailsInBackward, a_leaf, fails

pytestmark = pytest.mark.task("breaks_backward")


def edit_after(saving, edit):
    """Return a function that saves tensors in one step and edits one in the next."""

    def fn(x):
        y = saving(x)
        edit(x, y)
        return y

    return fn


@pytest.mark.parametrize(
    ("words", "fn", "due"),
    [
        ("x.exp().add_(1), where exp saves its result", lambda x: x.exp().add_(1), True),
        ("(x + 1).add_(1), where + saves nothing", lambda x: (x + 1).add_(1), False),
        (
            "x.sigmoid().mul_(2), where sigmoid saves its result",
            lambda x: x.sigmoid().mul_(2),
            True,
        ),
        ("x.sin().mul_(2), where sin saves x alone", lambda x: x.sin().mul_(2), False),
        (
            "x.exp().add_(1).T, where exp saves its result",
            lambda x: x.exp().add_(1).T,
            True,
        ),
        ("x.exp().add(1), without an edit", lambda x: x.exp().add(1), False),
    ],
    ids=["exp, add_", "add, add_", "sigmoid, mul_", "sin, mul_", "transposed", "nothing in place"],
)
def test_an_edit_breaks_backward_where_the_result_was_saved(words, fn, due, device):
    x, seen = sample((4, 3), device=device), []

    with unchanged(x):
        broken = debugging.breaks_backward(lambda t: seen.append(t.detach().clone()) or fn(t), x)

    check(broken, due, what=words)
    for argument in seen:
        check(argument, x, what="what fn was called with")


@pytest.mark.parametrize(
    ("words", "fn", "due"),
    [
        ("x.mul_(3) and no more", lambda x: x.mul_(3), False),
        (
            "y = x.sin(), which saves x, and then x.add_(1)",
            edit_after(lambda x: x.sin(), lambda x, y: x.add_(1)),
            True,
        ),
        (
            "y = x.exp(), which saves y alone, and then x.add_(1)",
            edit_after(lambda x: x.exp(), lambda x, y: x.add_(1)),
            False,
        ),
        (
            "y = x * x, which saves x, and then x.zero_()",
            edit_after(lambda x: x * x, lambda x, y: x.zero_()),
            True,
        ),
        ("x.exp_().mul_(3), where exp_ saves x", lambda x: x.exp_().mul_(3), True),
    ],
    ids=["only an edit", "sin saves x", "exp does not", "x * x", "two edits"],
)
def test_an_edit_of_the_argument_counts(words, fn, due, device):
    x = sample((4, 3), device=device)

    with unchanged(x), situation("on a function that edits its argument, a copy that is no leaf"):
        broken = debugging.breaks_backward(fn, x)

    check(broken, due, what=words)


def test_an_edit_through_data_is_not_noticed(device):
    fn = edit_after(lambda x: x.exp(), lambda x, y: y.data.add_(1))

    broken = debugging.breaks_backward(fn, sample((4, 3), device=device))

    check(broken, False, what="after y.data.add_(1), which autograd does not notice")


@pytest.mark.parametrize(
    "fn",
    [lambda x: x.detach().exp().add_(1), lambda x: torch.ones_like(x), lambda x: x],
    ids=["detached", "constant", "x itself"],
)
def test_a_result_without_edits_or_without_a_graph_breaks_nothing(fn, device):
    with situation("on a result that has no graph, or is the argument itself"):
        broken = debugging.breaks_backward(fn, sample((4, 3), device=device))

    check(broken, False, what="on a result that has no graph, or is the argument itself")


@pytest.mark.parametrize(
    ("words", "fn", "mistakes"),
    [
        (
            "2 * x + w.exp().add_(1), where only the way to w is broken",
            lambda x, v: 2 * x + v,
            {"backward runs to every leaf: it is to run to that of the argument alone": True},
        ),
        ("w.exp().add_(1), which does not depend on the argument", lambda x, v: v, {}),
    ],
    ids=["beside", "alone"],
)
def test_an_edit_on_a_way_that_does_not_lead_to_the_argument_breaks_nothing(
    words, fn, mistakes, device
):
    w = a_leaf((4, 3), device)

    with unchanged(w), situation(f"on {words}"):
        broken = debugging.breaks_backward(
            lambda x: fn(x, w.exp().add_(1)), sample((4, 3), device=device)
        )

    check(broken, False, what=words, mistakes=mistakes)


@pytest.mark.parametrize(
    "layout",
    [{"shape": ()}, {"shape": (4, 1)}, {"shape": (4, 3), "strided": True}],
    ids=["0-d", "column", "strided"],
)
def test_the_result_and_the_argument_have_any_shape(layout, device):
    x = sample(**layout, device=device, requires_grad=True)

    with unchanged(x):
        broken = debugging.breaks_backward(lambda x: x.exp().add_(1), x)

    check(broken, True, what="exp, which saves its result, and then add_")


def test_a_float32_argument_stays_float32(device):
    seen = []

    def fn(x):
        seen.append(x)
        return x.tanh().add_(1)

    broken = debugging.breaks_backward(fn, sample((4, 3), device=device, dtype=torch.float32))

    check(broken, True, what="tanh, which saves its result, and then add_")
    assert len(seen) == 1, f"fn is called {len(seen)} times, once is due"
    assert seen[0].dtype == torch.float32, f"fn gets {seen[0].dtype} for a copy of torch.float32"


@pytest.mark.parametrize(
    "fn", [fails, lambda x: differentiates_what_it_broke(x)], ids=["its own", "torch's"]
)
def test_an_error_of_fn_passes_through(fn, device):
    with raises(
        RuntimeError,
        when="fn itself raises it: let it pass through, whatever it says",
        naming=["shape" if fn is fails else "modified by an inplace operation"],
    ):
        debugging.breaks_backward(fn, sample((4, 3), device=device))


def differentiates_what_it_broke(x):
    (slope,) = torch.autograd.grad(x.exp().add_(1).sum(), x)
    return slope


def test_another_error_of_backward_passes_through(device):
    with raises(
        RuntimeError,
        when="a Function's backward raises it: let it pass through, for no edit is the cause",
        naming=["no row 3"],
    ):
        debugging.breaks_backward(FailsInBackward.apply, sample((4, 3), device=device))


def test_the_grad_of_what_fn_uses_stays(device):
    w = a_leaf((4, 3), device)

    with unchanged(w):
        broken = debugging.breaks_backward(lambda x: (w * x).exp(), sample((4, 3), device=device))

    check(broken, False, what="(w * x).exp(), without an edit")
