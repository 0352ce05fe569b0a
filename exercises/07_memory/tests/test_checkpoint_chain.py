import memory
import pytest
import torch
from torch import nn

from gradkata.checks import build, check, grads, one_by_one, sample, situation, unchanged

from .shared import large_infinite_and_nan, made_finite, nbytes_of, watched

pytestmark = pytest.mark.task("checkpoint_chain")


class Wave(nn.Module):
    """Saves one tensor, its input, and has no parameter."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, h):
        return h.sin() * self.factor


def waves(count):
    return [Wave(1 + i / count) for i in range(count)]


def linears(count, device):
    return build(lambda: nn.Sequential(*(nn.Linear(3, 3) for _ in range(count))), device=device)


def run(layers, x):
    for layer in layers:
        x = layer(x)
    return x


@pytest.mark.parametrize("segments", [3, 7])
def test_a_chain_gives_the_output_of_a_plain_run(segments, device):
    layers = waves(7)
    x = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x):
        y = memory.checkpoint_chain(layers, x, segments)

    check(
        y,
        run(layers, x),
        what=f"the output of 7 layers in {segments} segments",
        mistakes={
            "the layers that no whole segment has room for do not run": lambda: run(layers[:6], x)
        },
    )


def test_a_chain_recomputes_each_segment_with_its_own_layers(device):
    # All that backward needs of a linear layer is saved, its weight too.
    layers = list(linears(6, device))
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    starts = [x, run(layers[:2], x), run(layers[:4], x)]

    def gradient_with(*pairs):
        gradient = v
        for pair, start in reversed(list(zip(pairs, starts, strict=True))):
            leaf = start.detach().requires_grad_()
            (gradient,) = torch.autograd.grad(run(pair, leaf), leaf, gradient)
        return gradient

    first, second, last = layers[:2], layers[2:4], layers[4:]
    late = (
        "the function given to checkpoint looks up its segment when backward calls it, and the "
        "loop has then ended"
    )

    memory.checkpoint_chain(layers, x, 3).backward(v)

    check(
        x.grad,
        gradient_with(first, second, last),
        what="the gradient of x, 6 layers in 3 segments",
        mistakes={
            f"{late}: each segment is recomputed with the last one": lambda: gradient_with(
                last, last, last
            ),
            f"{late}: the first is recomputed with the second": lambda: gradient_with(
                second, second, last
            ),
            "the input of a segment is detached: nothing leads back to x": None,
        },
    )


@pytest.mark.parametrize("given_as", [nn.Sequential, one_by_one])
def test_a_chain_takes_a_sequential_or_a_generator(given_as, device):
    # They let large values through, as they do NaN and infinity, and the gradients too.
    layers = [nn.Softplus(1 + i) for i in range(5)]
    x, v = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(2))
    x[0] = v[-1] = large_infinite_and_nan(x)
    plain = run(layers, x.requires_grad_())
    (due,) = torch.autograd.grad(plain, x, v)
    plain = plain.detach()
    chain = nn.Sequential(*layers) if given_as is nn.Sequential else one_by_one(layers)

    y = memory.checkpoint_chain(chain, x, 2)
    y.backward(v)

    what = "of 5 layers in 2 segments, x in float32"
    check(y.detach(), plain, what=f"the output {what}", mistakes=made_finite(plain))
    check(x.grad, due, what=f"the gradient of x {what}", mistakes=made_finite(due))


@pytest.mark.parametrize("segments", [1, 3])
def test_a_chain_gives_x_and_every_parameter_their_gradients(segments, device):
    layers = [layer for pair in zip(linears(4, device), waves(4), strict=True) for layer in pair]
    layers = nn.ModuleList(layers[:7])
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    leaves = [x, *layers.parameters()]
    due = list(torch.autograd.grad(run(layers, x), leaves, v))

    with unchanged(x, layers):
        y = memory.checkpoint_chain(list(layers), x, segments)
    y.backward(v)

    check(grads(leaves), due, what=f"gradients of x and parameters, 7 layers, segments={segments}")


def test_a_chain_gives_parameters_gradients_also_when_x_needs_none(device):
    layers = linears(6, device)
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    parameters = list(layers.parameters())
    due = list(torch.autograd.grad(layers(x), parameters, v))

    with unchanged(x):
        y = memory.checkpoint_chain(list(layers), x, 3)
    assert y.requires_grad, (
        "x does not require grad, and so the output does not either, though the parameters do: "
        "say use_reentrant=False"
    )
    y.backward(v)

    without = [i for i, layer in enumerate(layers) if layer.weight.grad is None]
    assert not without, (
        f"x does not require grad, and layers {without} of 0 to 5 get no gradient for their "
        "weight: a reentrant checkpoint gives none where its input needs none; "
        "say use_reentrant=False"
    )
    check(grads(parameters), due, what="the gradients of the parameters; x does not require grad")


def noting_runs(count):
    """Return layers, and a list to which each adds its number when it runs."""
    layers, ran = waves(count), []
    for i, layer in enumerate(layers):
        layer.register_forward_pre_hook(lambda *_, i=i: ran.append(i))
    return layers, ran


def starts_of(ran):
    """Return those that do not follow the layer that ran before."""
    return [i for i, before in zip(ran, [None, *ran], strict=False) if before != i - 1]


def lengths_of(ran):
    """Return how many layers ran from each start to the next."""
    places = [ran.index(i) for i in starts_of(ran)]
    return [end - place for place, end in zip(places, [*places[1:], len(ran)], strict=True)]


def test_a_chain_computes_its_segments_once_more_at_most(device):
    layers, ran = noting_runs(6)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = memory.checkpoint_chain(layers, x, 2)
    in_forward, ran[:] = list(ran), []
    y.backward(v)

    assert in_forward == [*range(6)], (
        f"forward ran layers {in_forward} of 0 to 5: run each once, in order"
    )
    assert len(set(ran)) == len(ran), (
        f"backward ran layers {ran} of 0 to 5: each is to run at most once more"
    )
    starts = starts_of(ran)
    assert len(starts) in (1, 2), (
        f"with 6 layers in 2 segments, backward computed {len(starts)} segments again, which start "
        f"at layers {starts}: 2 are due, or 1 if the last runs plainly"
    )


@pytest.mark.parametrize(("n", "segments"), [(19, 10), (18, 2)])
def test_a_chain_keeps_few_activations_alive(n, segments, device):
    layers = waves(n)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    due = n / segments + segments + 5

    with watched(size=nbytes_of(x)) as probe:
        y = memory.checkpoint_chain(layers, x, segments)
        between = probe.alive
        y.backward(v)

    told = f"with {n} layers in {segments} segments"
    assert between <= due, (
        f"{told} {between} activations are alive after forward, n/segments + segments + 5 "
        f"is {due:g}: keep one at the start of each segment, and the inside of the last at most, "
        "which is not to take all that a division leaves over; a checkpoint around each layer "
        "keeps them all"
    )
    assert probe.peak <= due, (
        f"{told} {probe.peak} activations are alive at once in backward, n/segments + segments "
        f"+ 5 is {due:g}: a segment is too long. One checkpoint around all layers computes them "
        "all again before the first gradient, and one that takes what a division leaves over is "
        "long too: let lengths differ by one at most"
    )


def test_a_chain_has_as_many_segments_as_are_asked_for(device):
    layers, ran = noting_runs(10)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = memory.checkpoint_chain(layers, x, 8)
    ran.clear()
    y.backward(v)

    starts = starts_of(ran)
    assert len(starts) in (7, 8), (
        f"with 10 layers in 8 segments, backward computed {len(starts)} segments again, which "
        f"start at layers {starts}: 8 are due, or 7 if the last runs plainly. A length of 10/8 "
        "rounded up makes too few: let some be longer than others by one"
    )
    assert max(lengths_of(ran)) <= 2, (
        f"with 10 layers in 8 segments, those computed again in backward have {lengths_of(ran)} "
        "layers: 1 or 2 each are due. A length of 10/8 rounded down leaves 2 layers over: give "
        "one each to two of them"
    )


def test_a_chain_just_runs_inside_no_grad(device):
    layers = waves(5)
    x = sample((4, 3), device=device, requires_grad=True)

    with torch.no_grad(), situation("inside torch.no_grad()"):
        y = memory.checkpoint_chain(layers, x, 2)

    check(y, run(layers, x).detach(), what="the output inside torch.no_grad()")
