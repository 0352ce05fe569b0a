import copy

import gradient_clipping
import pytest
import torch

from gradkata.checks import check, grads, one_by_one, sample, situation

from .shared import CLOSE_SUMS, INF, clipped, copies, norm_of, times

pytestmark = pytest.mark.task("scaled_step")


SCALE = 1024.0


def training(device, dtype=torch.float64):
    """Return two parameters without gradients, their optimizer of two groups, and a scaler."""
    params = [sample(s, device=device, dtype=dtype, requires_grad=True) for s in ((4, 3), (4, 1))]
    groups = [{"params": [p]} for p in params]
    optimizer = torch.optim.SGD(groups, lr=0.1, momentum=0.9, weight_decay=0.1)
    scaler = torch.amp.GradScaler(device.type, init_scale=SCALE, growth_interval=1)
    return params, optimizer, scaler


def loss_of(params):
    w, b = params
    return (w * b).sin().square().sum() + (w - b).exp().mean()


def after_two_steps(params, gradients):
    """Return where the optimizer takes the parameters if it steps twice with these gradients."""
    twins = [p.clone().requires_grad_() for p in params]
    optimizer = torch.optim.SGD(twins, lr=0.1, momentum=0.9, weight_decay=0.1)
    for twin, gradient in zip(twins, gradients, strict=True):
        twin.grad = gradient
    for _ in range(2):
        optimizer.step()
    return copies(twins)


def true_gradients(params):
    return list(torch.autograd.grad(loss_of(params), params))


def after_step(params, gradients):
    """Return where the optimizer of `training` takes the parameters with these gradients."""
    return [
        p.detach() - 0.1 * (g + 0.1 * p.detach()) for p, g in zip(params, gradients, strict=True)
    ]


def test_the_norm_of_the_true_gradients_is_returned(device):
    params, optimizer, scaler = training(device)
    gradients = true_gradients(params)
    due = norm_of(gradients)

    norm = gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(
        norm,
        due,
        what="the norm",
        mistakes={
            "it is the norm of the scaled gradients: unscale before clipping": SCALE * due,
            "it is divided by the scale once too often": due / SCALE,
            "it is divided by the scale after update, which may change it": due / 2,
            "the smaller of the norm and max_norm is returned": norm_of(clipped(gradients, 0.5)),
            "it is computed after clipping": 0.5 * due / (due + 1e-6),
        },
    )


@pytest.mark.parametrize("bound", [0.5, 100.0], ids=["clipped", "within the bound"])
def test_the_step_is_the_one_that_clipped_gradients_without_a_scale_give(bound, device):
    params, optimizer, scaler = training(device)
    before, gradients = copies(params), true_gradients(params)

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, bound)

    cut = clipped(gradients, bound)
    mistakes = {
        "no step is taken": lambda: before,
        "the clipped gradients are divided by the scale: call scaler.unscale_ before clipping": (
            lambda: after_step(before, times(1 / SCALE, cut))
        ),
        "gradients are clipped with the scale in them: call scaler.unscale_ before clipping": (
            lambda: after_step(before, times(1 / SCALE, clipped(times(SCALE, gradients), bound)))
        ),
        "the gradients are divided by the scale twice": lambda: after_step(
            before, times(1 / SCALE, clipped(times(1 / SCALE, gradients), bound))
        ),
        "the step is taken with the scale still in the gradients": lambda: after_step(
            before, times(SCALE, gradients)
        ),
        "nothing is clipped": lambda: after_step(before, gradients),
        "optimizer.step() comes after scaler.step(optimizer), which has stepped": lambda: (
            after_two_steps(before, cut)
        ),
    }
    check(
        copies(params),
        after_step(before, cut),
        what="the parameters",
        mistakes=mistakes,
        **CLOSE_SUMS,
    )


def test_it_is_the_scaled_loss_that_is_back_propagated(device):
    params, optimizer, scaler = training(device)
    due = SCALE * true_gradients(params)[0]
    seen = []
    params[0].register_hook(lambda gradient: seen.append(gradient.clone()))

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(
        seen,
        [due],
        what="the gradients that a hook on a parameter saw in backward",
        mistakes={"the loss is not scaled, and small gradients vanish in float16": [due / SCALE]},
    )


def test_the_norm_is_taken_after_unscaling_and_so_does_not_overflow(device):
    params, optimizer, scaler = training(device)
    loss = 1e152 * sum(p.sum() for p in params)
    before = copies(params)
    due = after_step(before, [torch.full_like(p, 1e152) for p in before])

    norm = gradient_clipping.scaled_step(loss, params, optimizer, scaler, 1e153)

    check(
        norm,
        torch.tensor(4e152, dtype=torch.float64, device=device),
        what="the norm of 16 gradients of 1e152",
        mistakes={
            "the norm is taken of the scaled gradients, whose squares overflow, and divided by the "
            "scale: call scaler.unscale_ before clipping": INF
        },
    )
    check(copies(params), due, what="the parameters after a step with these, max_norm = 1e153")


def test_a_step_clears_the_gradients(device):
    params, optimizer, scaler = training(device)

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    left = [g for g in grads(params) if g is not None and g.any()]
    assert not left, (
        f"after the step gradients are left ({len(left)} of 2), to which the next backward would "
        "add: clear them at the end"
    )


def test_the_parameters_may_come_from_a_generator(device):
    params, optimizer, scaler = training(device)
    spare = sample((3,), device=device, requires_grad=True)
    optimizer.add_param_group({"params": [spare]})
    before, gradients = copies([*params, spare]), true_gradients(params)
    due = [*after_step(before[:2], clipped(gradients, 0.5)), before[2]]

    gradient_clipping.scaled_step(
        loss_of(params), one_by_one([*params, spare]), optimizer, scaler, 0.5
    )

    check(
        copies([*params, spare]),
        due,
        what="the parameters, which came from a generator, and the last of which is not used",
        mistakes={
            "a first loop uses the generator up, and nothing is clipped": lambda: [
                *after_step(before[:2], gradients),
                before[2],
            ],
            "a .grad of None becomes zeros, and weight decay moves a parameter that is not used": (
                lambda: [*due[:2], 0.99 * before[2]]
            ),
        },
        **CLOSE_SUMS,
    )
    left = [g for g in grads(params) if g is not None and g.any()]
    assert not left, (
        f"after a step with params from a generator gradients are left ({len(left)} of 2): "
        "the generator was used up before the loop that clears"
    )


def test_the_scaler_updates_its_scale_after_a_good_step(device):
    params, optimizer, scaler = training(device)

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(
        scaler.get_scale(),
        2 * SCALE,
        what="the scale, which is to grow from 1024 to 2048 with growth_interval=1",
        mistakes={"the scaler is not told to update": SCALE},
    )


def test_two_steps_follow_the_optimizer_and_its_momentum(device):
    params, optimizer, scaler = training(device)
    twins = [p.detach().clone().requires_grad_() for p in params]
    plain = torch.optim.SGD(twins, lr=0.1, momentum=0.9, weight_decay=0.1)
    for _ in range(2):
        for twin, gradient in zip(twins, clipped(true_gradients(twins), 0.5), strict=True):
            twin.grad = gradient
        plain.step()

    for _ in range(2):
        gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(copies(params), copies(twins), what="the parameters after two steps", **CLOSE_SUMS)


def test_a_step_keeps_float32(device):
    params, optimizer, scaler = training(device, torch.float32)
    before, gradients = copies(params), true_gradients(params)

    norm = gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(norm, norm_of(gradients), what="the norm in float32")
    check(copies(params), after_step(before, clipped(gradients, 0.5)), what="the parameters")


def not_finite(kind, params):
    """Return a finite loss whose gradient for the first parameter is infinite, or NaN."""
    zero = (params[0] - params[0].detach()).sum()
    return loss_of(params) + {"infinite": 1, "NaN": 0}[kind] * zero.sqrt()


infinite_or_nan = pytest.mark.parametrize("kind", ["infinite", "NaN"])


def after_a_good_step(device):
    """Return parameters, optimizer and scaler after one step, so that there is momentum."""
    params, optimizer, scaler = training(device)
    for p, gradient in zip(params, true_gradients(params), strict=True):
        p.grad = gradient
    optimizer.step()
    optimizer.zero_grad()
    return params, optimizer, scaler


@infinite_or_nan
def test_a_step_with_a_gradient_that_is_not_finite_is_skipped(kind, device):
    params, optimizer, scaler = after_a_good_step(device)
    before, state = copies(params), copy.deepcopy(optimizer.state_dict())

    what = f"with a gradient that is {kind}"

    with situation(what):
        gradient_clipping.scaled_step(not_finite(kind, params), params, optimizer, scaler, 0.5)

    momentum = state["state"][1]["momentum_buffer"]
    # After clipping, all that is left of the other parameter's gradient is 0, or NaN.
    pull = {"infinite": 0.0, "NaN": float("nan")}[kind] + 0.1 * before[1]
    check(
        copies(params),
        before,
        what=f"the parameters after a step {what}",
        mistakes={
            "optimizer.step() is called: scaler.step(optimizer) would skip it": [
                torch.full_like(before[0], float("nan")),
                before[1] - 0.1 * (0.9 * momentum + pull),
            ],
            "the gradients become zeros, and a step is taken with them": [
                b - 0.1 * (0.9 * state["state"][i]["momentum_buffer"] + 0.1 * b)
                for i, b in enumerate(before)
            ],
        },
    )
    check(optimizer.state_dict(), state, what=f"the optimizer's state after a step {what}")


@infinite_or_nan
def test_after_a_skipped_step_the_scale_backs_off_and_the_gradients_are_clear(kind, device):
    params, optimizer, scaler = after_a_good_step(device)

    norm = gradient_clipping.scaled_step(not_finite(kind, params), params, optimizer, scaler, 0.5)

    due = torch.tensor({"infinite": INF, "NaN": float("nan")}[kind], dtype=torch.float64)
    check(norm, due.to(device), what=f"the norm, a gradient being {kind}")
    check(
        scaler.get_scale(),
        SCALE / 2,
        what="the scale, which is to back off from 1024 to 512",
        mistakes={"the scaler is not told to update": SCALE},
    )
    left = [g for g in grads(params) if g is not None and g.any()]
    assert not left, (
        f"after the skipped step gradients are left ({len(left)} of 2): clear them then too"
    )
