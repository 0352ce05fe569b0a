import math

import gradient_check
import pytest
import torch

from gradkata.checks import check, sample, situation, unchanged

pytestmark = pytest.mark.task("compare_gradients")


def compared(got, want, *, rtol=0.0, atol=0.0):
    """Return the learner's Comparison, and demand that its fields are what they should be."""
    result = gradient_check.compare_gradients(got, want, rtol=rtol, atol=atol)
    assert isinstance(result, gradient_check.Comparison), (
        f"yours is of {type(result).__name__}: return a Comparison"
    )
    assert isinstance(result.ok, bool), f"ok is {result.ok!r}: a Python bool is due"
    return result


def vector(*values, device):
    return torch.tensor(values, dtype=torch.float64, device=device)


def test_compare_gradients_finds_the_one_element_that_is_wrong(device):
    want = sample((2, 4, 3), device=device).transpose(0, 1)
    got = want.clone()
    got[2, 1, 1] -= 0.25

    with situation("given two tensors of shape (4, 2, 3) that are not contiguous"):
        result = compared(got, want, rtol=1e-6, atol=1e-6)

    what = "got is want but for 0.25 less at [2, 1, 1]"
    check(result.ok, False, what=f"ok, where {what}")
    check(result.worst_index, (2, 1, 1), what=f"worst_index, where {what}")
    check(
        result.error,
        0.25,
        what=f"error, where {what}",
        mistakes={
            "the error is averaged over all elements: it is that of the worst one": 0.25 / 24,
            "the sign of got - want is kept: its size counts": -0.25,
            "the tolerance is taken off the error": 0.25 - 1e-6 - 1e-6 * want[2, 1, 1].abs().item(),
        },
    )


def test_compare_gradients_measures_each_error_against_its_own_tolerance(device):
    got = vector(1.0625, 10.5, 1.125, 101.25, device=device)
    want = vector(1.0, 10.0, 1.0, 100.0, device=device)

    result = compared(got, want, rtol=0.01)

    what = "got is [1.0625, 10.5, 1.125, 101.25], want [1, 10, 1, 100] and rtol 0.01"
    check(result.ok, False, what=f"ok, where {what}")
    check(
        result.worst_index,
        (1,),
        what=f"worst_index, where {what}",
        mistakes={
            "the largest |got - want| is taken: 1 of the 1.25 beside 100 is within the tolerance, "
            "and the largest excess over it is meant": (3,),
            "the error is divided by its tolerance: the excess is what remains when the tolerance "
            "is taken off": (2,),
        },
    )
    check(result.error, 0.5, what=f"error, where {what}")


@pytest.mark.parametrize(
    ("got", "want", "rtol", "atol", "ok"),
    [
        pytest.param(2.0, 1.0, 0.6, 0.0, False, id="rtol of got"),
        pytest.param(1.0, 2.0, 0.6, 0.0, True, id="rtol of want"),
        pytest.param(-10.25, -10.0, 0.5, 0.0, True, id="negative want"),
        pytest.param(0.0, 5.0, 0.0, 1.0, False, id="got below want"),
        pytest.param(1.5, 1.0, 0.25, 0.25, True, id="both add up"),
        pytest.param(1.75, 1.0, 0.25, 0.25, False, id="beyond both"),
    ],
)
def test_compare_gradients_allows_atol_plus_rtol_times_the_size_of_want(
    got, want, rtol, atol, ok, device
):
    result = compared(vector(got, device=device), vector(want, device=device), rtol=rtol, atol=atol)

    error, allowed = abs(got - want), atol + rtol * abs(want)
    assert result.ok == ok, (
        f"ok is {result.ok} where got is {got:g}, want {want:g}, rtol {rtol:g} and atol {atol:g}: "
        f"|got - want| is {error:g}, atol + rtol·|want| is {allowed:g}"
    )
    check(result.worst_index, (0,), what="worst_index of a vector of one element")
    check(result.error, error, what=f"error, where got is {got:g} and want {want:g}")


def test_compare_gradients_says_which_is_worst_also_when_all_agree(device):
    got, want = vector(1.0, 1.0, 2.0, device=device), vector(1.0, 1.25, 2.0, device=device)

    result = compared(got, want, atol=0.5)

    what = "got is [1, 1, 2], want [1, 1.25, 2] and atol 0.5"
    check(result.ok, True, what=f"ok, where {what}")
    check(result.worst_index, (1,), what=f"worst_index, where {what}")
    check(result.error, 0.25, what=f"error, where {what}")


@pytest.mark.parametrize(
    ("of_got", "of_want"),
    [((4, 1), (4, 3)), ((4, 3), (4, 1)), ((), (1,)), ((2, 3), (3, 2)), ((0,), (0, 3))],
    ids=str,
)
def test_compare_gradients_does_not_broadcast(of_got, of_want, device):
    with situation(f"given shapes {of_got} and {of_want}"):
        result = compared(torch.ones(of_got, device=device), torch.ones(of_want, device=device))

    what = f"of shapes {of_got} and {of_want}"
    assert not result.ok, (
        f"ok is True {what}: gradients of two shapes never agree, whether or not one of them "
        "broadcasts to the other; compare the shapes first"
    )
    check(result.worst_index, None, what=f"worst_index {what}")
    check(result.error, math.inf, what=f"error {what}")


def test_compare_gradients_agree_where_there_is_nothing_to_compare(device):
    with situation("given two tensors of shape (0, 3)"):
        result = compared(torch.ones(0, 3, device=device), torch.ones(0, 3, device=device))

    fields = (result.ok, result.worst_index, result.error)
    check(fields, (True, None, 0.0), what="(ok, worst_index, error) of two of shape (0, 3)")


def test_compare_gradients_takes_0_d_float32_tensors_that_record(device):
    got, want = (torch.tensor(v, device=device, requires_grad=True) for v in (1.5, 1.25))

    with situation("given two 0-d float32 tensors that require grad"), unchanged(got, want):
        result = compared(got, want, rtol=1e-3, atol=0.125)

    check(
        (result.ok, result.worst_index, result.error),
        (False, (), 0.25),
        what="(ok, worst_index, error) of the 0-d 1.5 and 1.25",
    )


INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("got", "want", "rtol", "ok", "worst", "error"),
    [
        pytest.param([INF, 1.0], [INF, 1.5], 0.1, False, 1, 0.5, id="inf that both have"),
        pytest.param([-INF, 1.0], [-INF, 1.5], 0.0, False, 1, 0.5, id="-inf and no rtol"),
        pytest.param([INF, 1.0], [INF, 1.5], 0.5, True, 1, 0.5, id="inf and a number that agrees"),
        pytest.param([INF], [INF], 0.1, True, 0, 0.0, id="inf alone"),
        pytest.param([9.0, INF], [5.0, -INF], 0.1, False, 1, INF, id="inf of both signs"),
        pytest.param([9.0, 1.0], [5.0, INF], 0.1, False, 1, INF, id="inf wanted"),
        pytest.param([9.0, INF], [5.0, 1.0], 0.1, False, 1, INF, id="inf got"),
        pytest.param([1.0], [INF], 0.1, False, 0, INF, id="inf wanted, and nothing else"),
        pytest.param([-INF], [INF], 0.1, False, 0, INF, id="inf of both signs, and nothing else"),
        pytest.param([9.0, NAN], [5.0, 1.0], 0.1, False, 1, NAN, id="nan got"),
        pytest.param([9.0, NAN], [5.0, NAN], 0.1, False, 1, NAN, id="nan that both have"),
        pytest.param([INF, 1.0], [5.0, NAN], 0.1, False, 1, NAN, id="nan is worse than inf"),
        pytest.param([1.0, NAN], [INF, 5.0], 0.1, False, 1, NAN, id="nan beside inf wanted"),
    ],
)
def test_compare_gradients_treats_infinities_and_nan_as_assert_close_does(
    got, want, rtol, ok, worst, error, device
):
    result = compared(vector(*got, device=device), vector(*want, device=device), rtol=rtol)

    what = f"where got is {got}, want {want} and rtol {rtol:g}"
    check(result.ok, ok, what=f"ok, {what}")
    check(
        result.error,
        error,
        what=f"error, {what}",
        mistakes={
            "inf - inf, which is NaN, is taken for a difference": (
                NAN if got[0] == want[0] else error
            ),
            "NaN is taken for equal to NaN: it agrees with nothing": (
                0.0 if math.isnan(got[-1]) else error
            ),
        },
    )
    check(result.worst_index, (worst,), what=f"worst_index, {what}")


def drawn_pairs(device):
    """Return 200 pairs of which about half agree; a tenth hold NaN, inf or have another shape."""
    noise = [10.0 ** (k % 5 - 5) for k in range(200)]
    scale = torch.tensor(noise, dtype=torch.float64, device=device)[:, None, None]
    together = sample((200, 2, 3), device=device)
    gots = list(together + scale * sample((200, 2, 3), device=device))
    wants = list(together)
    for k, odd in ((0, NAN), (50, INF), (100, -INF)):
        for got, want in zip(gots[k : k + 50 : 10], wants[k : k + 50 : 10], strict=True):
            got[1, 2] = odd
            want[1, 2] = odd
    gots[150::10] = [got[:1] for got in gots[150::10]]
    return list(zip(gots, wants, strict=True))


def test_compare_gradients_says_what_torch_says_of_200_pairs(device):
    pairs = drawn_pairs(device)
    # What torch.testing.assert_close asks too, after the shapes.
    torchs = [
        got.shape == want.shape and torch.allclose(got, want, rtol=1e-3, atol=1e-4)
        for got, want in pairs
    ]

    yours = [compared(got, want, rtol=1e-3, atol=1e-4).ok for got, want in pairs]

    wrong = [k for k in range(200) if yours[k] != torchs[k]]
    assert not wrong, (
        f"in {len(wrong)} of 200 pairs ok is not what torch.testing.assert_close says; the first "
        f"has ok {yours[wrong[0]]}, with rtol 1e-3, atol 1e-4, and\n"
        f"  got   {pairs[wrong[0]][0].flatten().tolist()}\n"
        f"  want  {pairs[wrong[0]][1].flatten().tolist()}"
    )
