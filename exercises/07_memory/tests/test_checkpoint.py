import memory
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import (
    any_layout,
    build,
    check,
    counted,
    grads,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import (
    MADE_FINITE,
    TORCHS_WORDS,
    large_infinite_and_nan,
    made_finite,
    nbytes_of,
    refusing,
    watched,
)

pytestmark = pytest.mark.task("checkpoint")


by_hand = pytest.mark.forbid(
    "torch.utils.checkpoint.checkpoint",
    "torch.utils.checkpoint.checkpoint_sequential",
    "torch.utils.checkpoint.CheckpointFunction.forward",
    reason="write it with saved_tensors_hooks, or as a Function",
)


def network(device):
    """Return a network with a parameter that it does not use."""
    model = build(lambda: nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)), device=device)
    model.spare = nn.Parameter(sample((3,), device=device))
    return model


def sines(x):
    for _ in range(5):
        x = x.sin()
    return x


def drop(x):
    # Drawn on the CPU, and on the device of x: two generators if that is a GPU.
    kept = torch.rand(x.shape) < 0.8
    return F.dropout(x, 0.5).square() * kept.to(x.device)


def random_states(device):
    """Return the state of each generator that `drop` uses."""
    on_gpu = [torch.cuda.get_rng_state(device)] if device.type == "cuda" else []
    return [torch.get_rng_state(), *on_gpu]


def set_random_states(states, device):
    on_cpu, *on_gpu = states
    torch.set_rng_state(on_cpu)
    for state in on_gpu:
        torch.cuda.set_rng_state(state, device)


def moved(before, after):
    """Return the names of the generators whose state is another."""
    pairs = zip(["the CPU", "the GPU"], before, after, strict=False)
    return [name for name, was, now in pairs if not torch.equal(was, now)]


def random_state_of_its_own(device):
    """Let what runs inside draw random numbers without an effect outside."""
    return torch.random.fork_rng([device] if device.type == "cuda" else [])


@by_hand
@any_layout
def test_a_checkpoint_gives_value_and_gradient_of_a_plain_call(layout, device):
    x, v = sample(**layout, device=device, requires_grad=True), sample(**layout, device=device)
    plain = sines(x)
    (due,) = torch.autograd.grad(plain, x, v, retain_graph=True)

    with unchanged(x):
        y = memory.checkpoint(sines, x)
    check(y, plain, what="checkpoint(fn, x)")
    with situation("in backward, where grad mode is off"):
        y.backward(v)

    check(
        x.grad,
        due,
        what="the gradient for x",
        mistakes={
            "args are detached, and nothing leads from fn back to x": None,
            "grad_output is left out": lambda: due / v,
        },
    )


def test_a_checkpoint_runs_fn_once_in_forward_and_once_in_backward(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    fn = counted(sines)

    y = memory.checkpoint(fn, x)
    in_forward = fn.calls
    y.backward(v)

    assert in_forward == 1, f"fn was called {in_forward} times before backward: once is due"
    assert fn.calls == 2, (
        f"fn was called {fn.calls} times in all: once in forward and once in backward is due"
    )


def test_a_checkpoint_keeps_nothing_but_its_args(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    with watched(size=nbytes_of(x)) as probe:
        y = memory.checkpoint(sines, x)
        loss = (y * v).sum()
        del y
        kept = probe.alive_but_for(1)

    assert loss.requires_grad, "the result is cut from the graph: no gradient can flow back"
    assert kept <= 1, (
        f"fn takes five sines one after another, and {kept} tensors of x's size are alive between "
        "forward and backward besides x: keep what fn is called with, and nothing it computes"
    )


def test_a_checkpoint_lets_go_of_what_it_recomputed(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    with watched(size=nbytes_of(x)) as probe:
        y = memory.checkpoint(sines, x)
        y.backward(v)
        del y
        kept = probe.alive_but_for(2)  # x.grad, and perhaps a copy of x

    assert kept <= 2, (
        f"{kept} tensors of x's size are alive after backward, when only x.grad is needed: "
        "let what was recomputed go"
    )


@pytest.mark.parametrize(
    ("tracked", "kind"), [(True, "module"), (False, "module"), (False, "function without args")]
)
def test_a_checkpoint_gives_the_parameters_of_fn_their_gradients(tracked, kind, device):
    model = network(device)
    x, v = sample((4, 3), device=device, requires_grad=tracked), sample((4, 2), device=device)
    fn, args = (model, [x]) if kind == "module" else (lambda: model(x), [])
    parameters = list(model.parameters())
    due = list(torch.autograd.grad(model(x), parameters, v, allow_unused=True))
    why = "x requires grad" if tracked else "x does not require grad, the parameters of fn do"

    y = memory.checkpoint(fn, *args)
    assert y.requires_grad, (
        f"{why}, and the result has requires_grad False: no gradient can reach a parameter. "
        "The output of a Function requires grad only if one of the tensors given to apply does"
    )
    y.backward(v)

    check(
        grads(parameters),
        due,
        what=f"the gradients of the parameters of fn; {why}",
        mistakes={
            "backward asks for the gradients of args alone, which leaves the parameters "
            "without any: let the recomputed graph run backward()": [None] * 5
        },
    )


def test_a_checkpoint_takes_args_of_every_kind(device):
    x = sample((4, 3), device=device, requires_grad=True)
    w, v = sample((3,), device=device, requires_grad=True), sample((2, 3), device=device)
    index = torch.tensor([3, 0], device=device)

    def fn(factor, nothing, x, index, idle, bias, constant):
        return (x[index] * bias).sin() * factor * constant

    constant, idle = sample((2, 3), device=device), sample((2,), device=device, requires_grad=True)
    constant[-1] = large_infinite_and_nan(x)
    plain = fn(3, None, x, index, idle, w.exp(), constant)
    due = torch.autograd.grad(plain, (x, w), v)

    y = memory.checkpoint(fn, 3, None, x, index, idle, w.exp(), constant)
    y.backward(v)

    plain = plain.detach()
    check(y.detach(), plain, what="the result of a checkpoint", mistakes=made_finite(plain))

    check(
        idle.grad,
        None,
        what=".grad of an arg that fn takes and does not use",
        mistakes={"zeros are given where there is no gradient": torch.zeros_like(idle)},
    )

    check(
        [x.grad, w.grad],
        list(due),
        what="gradients of a leaf, and through another arg that is computed, for args "
        "(int, None, tensor, int64 tensor, tensor, tensor, tensor without grad)",
        mistakes={
            "an arg that is computed from w is cut off from w": lambda: [due[0], None],
            MADE_FINITE: lambda: [d.nan_to_num() for d in due],
        },
    )
    check(constant.grad, None, what=".grad of an arg that does not require grad")


def test_a_checkpoint_adds_up_when_an_arg_is_given_twice(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    x.grad = torch.ones_like(x)

    memory.checkpoint(lambda a, b: a.sin() * b, x, x).backward(v)

    check(
        x.grad,
        (1 + v * (x.sin() + x.cos() * x)).detach(),
        what=".grad of x, which was 1, after checkpoint(fn, x, x)",
    )


def test_a_checkpoint_draws_as_a_plain_call_does(device):
    x = sample((40,), device=device, gap=0.1, requires_grad=True)

    with random_state_of_its_own(device):
        states = random_states(device)
        due = [drop(x), drop(x)]
        set_random_states(states, device)
        yours = [memory.checkpoint(drop, x), memory.checkpoint(drop, x)]

    check(
        yours,
        due,
        what="two calls with dropout",
        mistakes={"the first run does not move the random state": [due[0], due[0]]},
    )


def test_a_checkpoint_drops_the_same_elements_again(device):
    x, v = sample((40,), device=device, gap=0.1, requires_grad=True), sample((40,), device=device)

    with random_state_of_its_own(device):
        drop(x)  # others draw too, before and between
        y = memory.checkpoint(drop, x)
        memory.checkpoint(drop, x)
        y.backward(v)

    dropped = y.detach() == 0
    assert torch.equal(x.grad == 0, dropped), (
        "the gradient is 0 at other places than the output of dropout: fn drew another mask in "
        "backward. Note the random state before the first run, and set it before the second"
    )
    check(x.grad, (8 * v * x).detach() * ~dropped, what="the gradient of dropout(x)²")


def test_backward_leaves_the_random_state_as_it_found_it(device):
    x, v = sample((40,), device=device, gap=0.1, requires_grad=True), sample((40,), device=device)

    with random_state_of_its_own(device):
        y = memory.checkpoint(drop, x)
        drop(x)  # others draw too, between forward and backward
        before = random_states(device)
        y.backward(v)
        after = random_states(device)

    assert not moved(before, after), (
        f"backward moved the global random state of {' and '.join(moved(before, after))}: what is "
        "drawn next repeats numbers or is not what it would be without the checkpoint. Recompute "
        "inside torch.random.fork_rng()"
    )


def test_backward_leaves_the_random_state_also_where_fn_is_interrupted(device):
    x, v = sample((40,), device=device, requires_grad=True), sample((40,), device=device)

    def fn(x):
        y = drop(x)
        if runs.calls == 2:
            raise KeyboardInterrupt
        return y

    runs = counted(fn)

    with random_state_of_its_own(device):
        y = memory.checkpoint(runs, x)
        drop(x)
        before = random_states(device)
        with raises(KeyboardInterrupt, when="it ends fn, which backward has run again"):
            y.backward(v)
        after = random_states(device)

    assert not moved(before, after), (
        f"fn was interrupted in backward, and the random state of "
        f"{' and '.join(moved(before, after))} has moved: torch.random.fork_rng() in a with-block "
        "puts it back whatever happens"
    )


def test_an_error_in_the_backward_of_fn_passes_through(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = memory.checkpoint(lambda x: refusing(x.sin()), x)

    with raises(RuntimeError, when="a step inside fn raises it in backward", naming=[TORCHS_WORDS]):
        y.backward(v)


def test_a_checkpoint_may_be_around_an_fn_that_detaches_its_result(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = memory.checkpoint(lambda x: x.exp().detach(), x)
    with situation("in backward, where fn detaches its result and no graph leads on from there"):
        (x.sin() * y).backward(v)

    check(
        x.grad,
        (v * x.cos() * x.exp()).detach(),
        what="the gradient of sin(x) · checkpoint(fn, x), fn giving eˣ detached",
        mistakes={"the gradient passes through eˣ too": lambda: v * (x.sin() + x.cos()) * x.exp()},
    )


def test_checkpoints_can_be_nested(device):
    model = network(device)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 2), device=device)
    leaves = [x, *model[0].parameters(), *model[2].parameters()]
    due = list(torch.autograd.grad(model(sines(x)).sin(), leaves, v))

    def outer(x):
        return memory.checkpoint(model, x.sin()).sin()

    def four_sines(x):
        for _ in range(4):
            x = x.sin()
        return x

    memory.checkpoint(lambda x: memory.checkpoint(outer, four_sines(x)), x).backward(v)

    check(grads(leaves), due, what="gradients of x and of parameters through three nested ones")


def test_a_checkpoint_is_a_plain_call_where_grad_mode_is_off(device):
    x = sample((4, 3), device=device, dtype=torch.float32, requires_grad=True)
    fn = counted(sines)

    with torch.no_grad(), situation("inside torch.no_grad()"):
        y = memory.checkpoint(fn, x)

    check(y, sines(x).detach(), what="checkpoint(fn, x) inside torch.no_grad()")
    assert fn.calls == 1, f"inside torch.no_grad() fn was called {fn.calls} times: once is due"
