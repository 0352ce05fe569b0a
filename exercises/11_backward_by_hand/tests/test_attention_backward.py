import math

import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import as_tuple, by_autograd, by_hand, turned

pytestmark = pytest.mark.task("attention_backward")


def by_formula(cotangent, q, k, v, seen, *, scale=None, through=None, sums=1, masked_after=False):
    """Return the gradients by the formula, with what is given changed in it."""
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    through = scale if through is None else through
    scores = scale * (q @ k.mT)
    weights = (
        torch.softmax(scores if masked_after else scores.masked_fill(~seen, -math.inf), -1) * seen
    )
    weighted = weights * (cotangent @ v.mT)
    grad_scores = weighted - sums * weights * weighted.sum(-1, keepdim=True)
    return through * (grad_scores @ k), through * (grad_scores.mT @ q), weights.mT @ cotangent


def judge(q, k, v, cotangent, *, is_causal, given, tolerance=None):
    causal = {"is_causal": True} if is_causal else {}
    expected = by_autograd(
        lambda *inputs: F.scaled_dot_product_attention(*inputs, **causal), (q, k, v), cotangent
    )
    with situation(given), by_hand(cotangent, q, k, v):
        result = backward_by_hand.attention_backward(cotangent, q, k, v, **causal)
    every = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool, device=q.device)
    seen = every.tril() if is_causal else every

    def mistaken(seen=seen, **changed):
        return by_formula(cotangent, q, k, v, seen, **changed)

    check(
        as_tuple(result),
        expected,
        what=f"the gradients for q, k and v, {given}",
        rtol=tolerance,
        atol=tolerance,
        mistakes={
            "the gradients for q and k lack the factor 1/√E": lambda: mistaken(through=1),
            "the scores are not scaled: the factor is 1/√E": lambda: mistaken(scale=1),
            "the factor is 1/√D: it is 1/√E, of the last axis of q and k": (
                lambda: mistaken(scale=v.shape[-1] ** -0.5)
            ),
            "the sum in softmax's backward is left out": lambda: mistaken(sums=0),
            "the mask is ignored: query i sees the keys 0 to i": lambda: mistaken(every),
            "the mask is aligned with the last query and key: both count from the first": (
                lambda: mistaken(every.tril(k.shape[-2] - q.shape[-2]))
            ),
            "query i does not see key i: it does": lambda: mistaken(every.tril(-1)),
            "the mask is turned around: query i sees the keys 0 to i": lambda: mistaken(
                every.triu()
            ),
            "what is masked after the softmax is not normalized again: mask the scores": (
                lambda: mistaken(masked_after=True)
            ),
        },
    )
    return result


@pytest.mark.parametrize("is_causal", [False, True], ids=["all", "causal"])
@pytest.mark.parametrize(
    ("leading", "queries", "keys", "features", "values"),
    [((), 3, 3, 2, 4), ((2,), 2, 5, 4, 3), ((3, 2), 5, 2, 3, 2), ((2,), 1, 4, 2, 3)],
    ids=["no batch", "more keys", "more queries", "one query"],
)
def test_attention_backward_is_torchs(leading, queries, keys, features, values, is_causal, device):
    q = sample((*leading, queries, features), device=device)
    k = sample((*leading, keys, features), device=device)
    v = sample((*leading, keys, values), device=device)
    cotangent = sample((*leading, queries, values), device=device)
    given = f"for q, k, v of {tuple(q.shape)}, {tuple(k.shape)}, {tuple(v.shape)}, {is_causal=}"
    judge(q, k, v, cotangent, is_causal=is_causal, given=given)


def test_attention_backward_takes_heads_that_are_transposed_views_in_float32(device):
    q, k, v, cotangent = (
        sample(shape, device=device, dtype=torch.float32).transpose(1, 2)
        for shape in [(2, 3, 2, 5), (2, 4, 2, 5), (2, 4, 2, 3), (2, 3, 2, 3)]
    )
    given = "for heads that are transposed views in float32"
    judge(q, k, v, turned(cotangent), is_causal=False, given=given, tolerance=1e-5)


def test_attention_backward_gives_the_future_exactly_nothing(device):
    q, k, v, cotangent = (sample((2, 5, 3), device=device) for _ in range(4))
    cotangent[:, 2:] = 0
    given = "for a grad_output that is 0 from row 2 on, is_causal=True"

    _, *grads = judge(q, k, v, cotangent, is_causal=True, given=given)

    for_unseen = [grad[:, 2:] for grad in grads]
    zeros = [torch.zeros_like(grad) for grad in for_unseen]
    check(
        for_unseen, zeros, what=f"the gradients for keys and values 2 to 4, {given}", rtol=0, atol=0
    )


def test_attention_backward_is_exact_for_large_scores(device):
    q, k, v, cotangent = (sample((5, 4), device=device) for _ in range(4))
    # Divided by √4, they make each score 1e4 or -1e4, and a little more.
    q[:, 0], k[:, 0] = 2e4, 1
    q[::2, 0] = -2e4
    # The last key, which only the last query sees, has the opposite scores.
    k[-1, 0] = -1
    given = "for scores of ±1e4, of which the largest of rows 0 and 2 are hidden"
    judge(q, k, v, cotangent, is_causal=True, given=given, tolerance=1e-6)
