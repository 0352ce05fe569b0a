import large_models
import pytest
import torch

from gradkata.checks import (
    backward_of,
    check,
    check_edits_are_noticed,
    forbid,
    sample,
    situation,
    stale_memory,
    tracked_copies,
    unchanged,
)

from .shared import Memory, watched_backward

pytestmark = pytest.mark.task("FlashAttention")

WHOLE = ("torch.nn.functional.scaled_dot_product_attention",)

# How long a test takes goes with the number of its tiles.
SIZES = [(5, 8, 3), (8, 5, 3), (3, 3, 1)]
CAUSAL = [(7, 3), (4, 9), (3, 1)]

any_size = pytest.mark.parametrize(
    ("queries", "keys", "block", "causal"),
    [(*size, False) for size in SIZES] + [(n, n, block, True) for n, block in CAUSAL],
)


def scores_of(q, k, causal, scale=None):
    scores = (q.shape[-1] ** -0.5 if scale is None else scale) * q @ k.mT
    if causal:
        ahead = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).triu(1)
        scores = scores.masked_fill(ahead, -torch.inf)
    return scores


def attention(q, k, v, causal=False, scale=None):
    return scores_of(q, k, causal, scale).softmax(-1) @ v


def masked(q, k, v, diagonal, width=1):
    """Return attention in which the columns of scores are masked by tiles of a width."""
    rows, columns = (torch.arange(n, device=q.device) // width for n in (q.shape[1], k.shape[1]))
    ahead = columns >= rows[:, None] + diagonal
    return scores_of(q, k, causal=False).masked_fill(ahead, -torch.inf).softmax(-1) @ v


def last_queries(slope, q, p, g, block):
    """Return the gradients for k and v that the last tile of queries gives."""
    i = (q.shape[1] - 1) // block * block
    return slope[:, i:].mT @ q[:, i:], p[:, i:].mT @ g[:, i:]


def given(queries, keys, device, dtype=torch.float64, depth=2):
    shapes = [(3, queries, depth), (3, keys, depth), (3, keys, depth)]
    return tuple(sample(shape, device=device, dtype=dtype, low=-2, high=2) for shape in shapes)


def sizes(queries, keys, block, causal):
    return f"{queries} queries, {keys} keys, block {block}" + ", causal" * causal


def without_rescaling(q, k, v, block, causal):
    """Return what comes out where what was summed is not scaled down."""
    scores = scores_of(q, k, causal)
    mass, total = 0, 0
    most = torch.full_like(scores[..., :1], -torch.inf)
    for j in range(0, k.shape[1], block):
        tile = scores[..., j : j + block]
        most = torch.maximum(most, tile.amax(-1, keepdim=True))
        p = (tile - most).exp().nan_to_num()
        mass, total = mass + p.sum(-1, keepdim=True), total + p @ v[:, j : j + block]
    return total / mass


def judge_forward(q, k, v, block, causal, what, **tolerances):
    with forbid(*WHOLE, reason="go tile by tile"), unchanged(q, k, v), situation(what):
        y = large_models.FlashAttention.apply(q, k, v, block, causal)
    check(
        y,
        attention(q, k, v, causal),
        what=f"forward, {what}",
        mistakes={
            "the scores are not divided by √d": lambda: attention(q, k, v, causal, 1.0),
            "the scores are divided by d, not by √d": (
                lambda: attention(q, k, v, causal, 1 / q.shape[-1])
            ),
            "the mask is left out": lambda: attention(q, k, v),
            "query i does not see key i": lambda: masked(q, k, v, 0),
            "of a tile that the diagonal crosses nothing is masked": (
                lambda: masked(q, k, v, 1, block)
            ),
            "the running maximum begins at 0, not at −∞: all exponentials vanish": (
                lambda: torch.full_like(q, torch.nan)
            ),
            "what was summed is not scaled down where the maximum grows": (
                lambda: without_rescaling(q, k, v, block, causal)
            ),
        },
        **tolerances,
    )


def judge_backward(q, k, v, block, causal, what, **tolerances):
    g = sample(q.shape, device=q.device, dtype=q.dtype)
    if not q.is_contiguous():
        g = g.transpose(0, 1).contiguous().transpose(0, 1)
    with situation(what):
        found = backward_of(large_models.FlashAttention, (q, k, v, block, causal), g)
    leaves = tracked_copies(q, k, v)
    due = torch.autograd.grad(attention(*leaves, causal), leaves, g)
    p = scores_of(q, k, causal).softmax(-1)
    dp = g @ v.mT
    scale = q.shape[-1] ** -0.5
    slope = p * (dp - (p * dp).sum(-1, keepdim=True)) * scale
    unsummed, unscaled = p * dp * scale, slope / scale
    open_p = scores_of(q, k, causal=False).softmax(-1)
    open_slope = open_p * (dp - (open_p * dp).sum(-1, keepdim=True)) * scale
    _, _, for_v = due

    def of(slope, for_v=for_v):
        return slope @ k, slope.mT @ q, for_v

    check(
        found[:3],
        due,
        what=f"backward, {what}: the gradients for q, k and v",
        mistakes={
            "the row's sum of grad_output times output is left out": lambda: of(unsummed),
            "√d is left out of the gradients for q and k": lambda: of(unscaled),
            "√d is left out of the gradient for q": (lambda: (unscaled @ k, slope.mT @ q, for_v)),
            "√d is left out of the gradient for k": (lambda: (slope @ k, unscaled.mT @ q, for_v)),
            "the mask is left out of backward": lambda: of(open_slope, open_p.mT @ g),
            "the gradient for v is that of q's rows alone": lambda: of(slope, 0 * for_v),
            "k and v have the gradients of the last tile of queries alone": lambda: (
                slope @ k,
                *last_queries(slope, q, p, g, block),
            ),
        },
        **tolerances,
    )


@any_size
def test_flash_attention_is_attention(queries, keys, block, causal, device):
    q, k, v = given(queries, keys, device)
    judge_forward(q, k, v, block, causal, sizes(queries, keys, block, causal))


@any_size
def test_flash_attention_has_the_gradients_of_attention(queries, keys, block, causal, device):
    q, k, v = given(queries, keys, device)
    judge_backward(q, k, v, block, causal, sizes(queries, keys, block, causal))


def test_flash_attention_reads_no_memory_that_it_has_not_written(device):
    q, k, v = given(3, 3, device)
    with stale_memory():
        judge_forward(q, k, v, 2, causal=True, what="where what torch.empty makes holds NaN")
        judge_backward(q, k, v, 2, causal=True, what="where what torch.empty makes holds NaN")


@pytest.mark.parametrize("causal", [False, True], ids=["all", "causal"])
def test_flash_attention_takes_large_scores(causal, device):
    q, k, v = given(4, 4, device)
    judge_forward(q * 25, k * 25, v, 2, causal, "scores of ±1000")
    judge_backward(q * 25, k * 25, v, 2, causal, "scores of ±1000")
    q, k = q.abs() + 28, -k.abs() - 28
    judge_forward(q, k, v, 2, causal, "all scores near −1000")
    k[:, 1::2] *= -1
    judge_forward(q, k, v, 2, causal, "scores near −1000 and near 1000 by turns")


def test_flash_attention_takes_heads_that_are_views_in_float32(device):
    heads = (t.float().transpose(0, 1).contiguous().transpose(0, 1) for t in given(5, 5, device))
    q, k, v = heads
    what = "transposed views in float32"
    judge_forward(q, k, v, 3, causal=True, what=what, rtol=1e-4, atol=1e-5)
    judge_backward(q, k, v, 3, causal=True, what=what, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("causal", "block"), [(False, 6), (True, 4)], ids=["all", "causal"])
def test_flash_attention_makes_no_tensor_larger_than_q_or_a_tile(causal, block, device):
    heads = (t.transpose(0, 1).contiguous().transpose(0, 1) for t in given(12, 12, device))
    q, k, v = tracked_copies(*heads)
    tile = 3 * block**2
    memory = Memory()

    with watched_backward(memory):
        y = large_models.FlashAttention.apply(q, k, v, block, causal)
        kept = memory.alive_at_most(y.numel() + 36)
        y.backward(torch.ones_like(y))

    assert memory.most() <= max(q.numel(), tile), (
        f"a tensor of {memory.most()} elements is made, for q, k and v of {q.numel()} and tiles "
        f"of {tile}: all scores would be 432, a block of whole rows {36 * block}"
    )
    assert kept <= y.numel() + 36, (
        f"{kept} elements that forward has made are alive after it: the output has {y.numel()}, "
        "and one number for each query makes 36"
    )


@pytest.mark.parametrize("tracked", [0, 1, 2], ids=["q", "k", "v"])
def test_flash_attention_lets_the_others_be_frozen(tracked, device):
    inputs = given(3, 3, device)
    g = sample(inputs[0].shape, device=device)
    leaf = inputs[tracked].requires_grad_()
    name = "qkv"[tracked]
    (due,) = torch.autograd.grad(attention(*inputs), leaf, g)

    with situation(f"where {name} alone requires grad"):
        y = large_models.FlashAttention.apply(*inputs, 2, False)
        (found,) = torch.autograd.grad(y, leaf, g)

    check(found, due, what=f"the gradient for {name}, which alone requires grad")


def test_flash_attention_notices_when_a_tensor_it_needs_is_changed_before_backward(device):
    q, k, v = given(4, 4, device)
    check_edits_are_noticed(
        lambda q, k, v: large_models.FlashAttention.apply(q, k, v, 3, False), (q, k, v)
    )
