import gc
import weakref

import large_models
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import (
    ErrorOfF,
    Wrong,
    build,
    check,
    either_dtype,
    grads,
    one_by_one,
    raises,
    sample,
    situation,
    unchanged,
)

pytestmark = pytest.mark.task("accumulate_tokens_")

IGNORED = -100


class Model(nn.Module):
    """An embedding, its weight frozen, a tied pair of layers, and a layer that nobody uses."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.embed.weight.requires_grad_(False)
        self.first, self.last = nn.Linear(4, 4), nn.Linear(4, 5)
        self.second = self.first
        self.unused = nn.Linear(2, 2).eval()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        logits = self.last(self.second(self.first(self.embed(x)).tanh()).tanh())
        return logits.transpose(0, 1).contiguous().transpose(0, 1)


def tokens(shape, counted, device):
    """Return x and y of a shape, with so many tokens that count, spread over the rows."""
    x = (sample(shape, device=device) * 100).long() % 7
    y = (sample(shape, device=device) * 100).long() % 5
    flat = y.flatten()
    flat[torch.arange(flat.numel(), device=device) * 3 % flat.numel() >= counted] = IGNORED
    y = flat.reshape(shape)
    return x.T.contiguous().T, y.T.contiguous().T


def three(device):
    shapes = [((2, 4), 7), ((1, 3), 1), ((2, 4), 3)]
    return [tokens(shape, counted, device) for shape, counted in shapes]


def losses_of(model, batches):
    """Return the summed loss of each micro-batch and how many of its tokens count."""
    pairs = []
    for x, y in batches:
        logits = model(x).flatten(0, 1)
        loss = F.cross_entropy(logits, y.flatten(), reduction="sum", ignore_index=IGNORED)
        pairs.append((loss, int((y != IGNORED).sum())))
    return pairs


def gradients(model, loss):
    params = [p for p in model.parameters() if p.requires_grad]
    found = torch.autograd.grad(loss, params, retain_graph=True, allow_unused=True)
    by_param = dict(zip(params, found, strict=True))
    return [by_param.get(p) for p in model.parameters()]


def judge(model, batches, given_as, *, stale=None, given=""):
    pairs = losses_of(model, batches)
    total = sum(count for _, count in pairs)
    joint = sum(loss for loss, _ in pairs) / total
    due = gradients(model, joint)
    with_padding = sum(
        F.cross_entropy(model(x).flatten(0, 1), y.flatten().clamp(min=0), reduction="sum")
        for x, y in batches
    ) / sum(y.numel() for _, y in batches)
    some = [(loss, count) for loss, count in pairs if count]
    mistakes = {
        "each micro-batch counts alike: one with many tokens is to weigh more": (
            sum(loss / count for loss, count in some) / len(pairs)
        ),
        "each micro-batch that has tokens counts alike: one with many is to weigh more": (
            sum(loss / count for loss, count in some) / len(some)
        ),
        "micro-batches are weighed by their sequences, not by their tokens": (
            sum(len(x) * loss / max(count, 1) for (x, _), (loss, count) in zip(batches, pairs))  # noqa: B905
            / sum(len(x) for x, _ in batches)
        ),
        "micro-batches are weighed by all their tokens, those of −100 too": (
            sum(y.numel() * loss / max(count, 1) for (_, y), (loss, count) in zip(batches, pairs))  # noqa: B905
            / sum(y.numel() for _, y in batches)
        ),
        "it is divided by all tokens, those of −100 too": (
            joint * total / sum(y.numel() for _, y in batches)
        ),
        "−100 is taken for a class": with_padding,
        "the losses are added up, and never divided": joint * total,
        "the sum of the means is taken": sum(loss / count for loss, count in some),
        "only the last micro-batch counts": some[-1][0] / some[-1][1],
        "only the last micro-batch counts, divided by all": some[-1][0] / total,
    }
    wrong = {name: gradients(model, loss) for name, loss in mistakes.items()}
    if stale is not None:
        old = [torch.full_like(p, stale) for p in model.parameters()]
        for name, left in (
            ("gradients that were there at the start count", old),
            (
                "gradients that were there at the start count, and are divided with the others",
                [o / total for o in old],
            ),
        ):
            wrong[name] = [o if g is None else g + o for g, o in zip(due, left, strict=True)]
        for p in model.parameters():
            p.grad = torch.full_like(p, stale)

    model.calls = 0
    modes = [module.training for module in model.modules()]
    with unchanged(*(t for pair in batches for t in pair)), situation("given logits in any layout"):
        result = large_models.accumulate_tokens_(model, given_as(batches))

    check(grads(model.parameters()), due, what=f"the gradients{given}", mistakes=wrong)
    check(
        result,
        joint.item(),
        what=f"the mean loss{given}",
        rtol=1e-6 if next(model.parameters()).dtype == torch.float32 else None,
        mistakes={name: loss.item() for name, loss in mistakes.items()},
    )
    check(model.calls, len(batches), what=f"how often the model runs{given}")
    assert [module.training for module in model.modules()] == modes, (
        "modules of the model are in another mode than before: train() and eval() are its owner's"
    )


def test_accumulate_tokens_weighs_every_token_alike(device):
    judge(build(Model, device=device), three(device), one_by_one)


@either_dtype
def test_accumulate_tokens_takes_a_micro_batch_without_a_token(dtype, device):
    batches = [tokens(s, n, device) for s, n in [((2, 3), 5), ((2, 4), 0), ((1, 4), 3)]]
    judge(
        build(Model, device=device).to(dtype),
        batches,
        list,
        given=", one micro-batch without a token that counts",
    )


def test_accumulate_tokens_drops_gradients_that_are_there(device):
    judge(build(Model, device=device), three(device), list, stale=0.5)


def test_accumulate_tokens_demands_a_token(device):
    model = build(Model, device=device)
    batches = [tokens((2, 3), 0, device), tokens((1, 4), 0, device)]
    for pairs, when in ((batches, "no token counts"), ([], "there is no micro-batch")):
        for p in model.parameters():
            p.grad = torch.full_like(p, 0.5)
        with raises(ValueError, when=when, advice="ask for the number at the end"):
            large_models.accumulate_tokens_(model, pairs)
        for name, p in model.named_parameters():
            if p.grad is not None and p.grad.isnan().any():
                raise Wrong(f"{when}: .grad of {name!r} holds NaN, 0 · NaN or 0 / 0")
            if p.grad is not None and (p.grad == 0.5).any():
                raise Wrong(f"{when}: .grad of {name!r} is that of before, and is to be dropped")


class Saved:
    """What a graph holds of a saved tensor."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()


class Marked(Model):
    """Marks the last node of each graph: nodes outlive what backward frees."""

    def forward(self, x):
        logits = super().forward(x)
        logits.grad_fn.metadata["mark"] = mark = Saved(logits)
        self.marks[-1].append(weakref.ref(mark))
        return logits


def test_accumulate_tokens_lets_the_graph_of_each_go(device):
    model, alive = build(Marked, device=device), []
    model.marks = []

    def living():
        return sum(any(ref() is not None for ref in marks) for marks in model.marks)

    def batches():
        for pair in [*three(device), *three(device)]:
            if living() > 1:
                gc.collect()
            alive.append(living())
            model.marks.append([])
            yield pair

    large_models.accumulate_tokens_(model, batches())

    assert max(alive) <= 1, (
        f"when a micro-batch is asked for, graphs of {max(alive)} others are alive: run backward "
        "for each by itself, take .item() and hold no loss, and divide at the end"
    )


def test_accumulate_tokens_lets_an_error_through(device):
    def model(x):
        raise ErrorOfF

    class Raising(nn.Module):
        forward = staticmethod(model)

    with raises(RuntimeError, when="the model raises", naming=[str(ErrorOfF())]):
        large_models.accumulate_tokens_(Raising(), three(device))
