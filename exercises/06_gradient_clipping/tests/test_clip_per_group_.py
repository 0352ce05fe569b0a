import copy

import gradient_clipping
import pytest
import torch

from gradkata.checks import check, grads, raises, situation

from .shared import (
    CLOSE,
    CLOSE_BELOW,
    INF,
    MADE_FINITE,
    NAN,
    check_in_place,
    check_parameters_are_left,
    clipped,
    clipped_each,
    copies,
    norm_of,
    parameters,
    times,
    tiny,
    torch_clips,
)

pytestmark = pytest.mark.task("clip_per_group_")


def grouped(device):
    """Return an optimizer of three groups, and the parameters of each."""
    groups = [parameters(device, (4, 3), (4, 1)), parameters(device, (), (2, 3))]
    groups.append(parameters(device, (5,)))
    return torch.optim.SGD([{"params": group} for group in groups], lr=0.1), groups


def grads_by_group(groups):
    return [grads(group) for group in groups]


def flat(groups):
    return [item for group in groups for item in group]


def test_each_group_is_clipped_to_its_own_bound(device):
    optimizer, groups = grouped(device)
    tiny(groups[1])
    before = [copies(grads(group)) for group in groups]
    bounds = [0.5, 100.0, 0.25]
    due = [torch_clips(g, bound) for g, bound in zip(groups, bounds, strict=True)]
    everything = flat(before)

    gradient_clipping.clip_per_group_(optimizer, bounds)

    check(
        grads_by_group(groups),
        due,
        what="the gradients of three groups, clipped to 0.5, 100 and 0.25",
        mistakes={
            "the norm of all groups together is taken": lambda: [
                times((bound / norm_of(everything)).clamp(max=1), gs)
                for gs, bound in zip(before, bounds, strict=True)
            ],
            "each parameter is clipped by itself": lambda: [
                clipped_each(gs, bound) for gs, bound in zip(before, bounds, strict=True)
            ],
            "the first bound is used for every group": lambda: [clipped(g, 0.5) for g in before],
            "the bounds are used in reverse": lambda: [
                clipped(gs, bound) for gs, bound in zip(before, bounds[::-1], strict=True)
            ],
            "only the first group is clipped": lambda: [clipped(before[0], 0.5), *before[1:]],
            "nothing is clipped": before,
            "gradients below the bound are scaled up to it": lambda: [
                times(bound / norm_of(gs), gs) for gs, bound in zip(before, bounds, strict=True)
            ],
            "1e-6 is subtracted from the norm, and a factor is negative": lambda: [
                times((bound / (norm_of(gs) - 1e-6)).clamp(max=1), gs)
                for gs, bound in zip(before, bounds, strict=True)
            ],
        },
        **CLOSE,
    )


def test_the_norm_of_each_group_before_clipping_is_returned(device):
    optimizer, groups = grouped(device)
    groups[0][0].grad[2] = NAN
    groups[1][0].grad.fill_(INF)
    groups[2][0].grad *= 1e-4
    before = [copies(grads(group)) for group in groups]
    due = [norm_of(gs) for gs in before]

    norms = gradient_clipping.clip_per_group_(optimizer, (0.5, 100.0, 1e-4))

    check(
        norms,
        due,
        what="the norms that are returned, where a gradient is NaN in group 0 and infinite in 1",
        mistakes={
            "they are computed after clipping": lambda: [norm_of(grads(g)) for g in groups],
            "the norm of all groups together is taken": lambda: [norm_of(flat(before))] * 3,
            MADE_FINITE: [norm.nan_to_num() for norm in due],
        },
    )
    check(
        grads(groups[2]),
        clipped(before[2], 1e-4),
        what="the gradients of a group with a norm below 1e-3, clipped to 1e-4",
        mistakes={"nothing is clipped": before[2]},
        **CLOSE_BELOW,
    )


@pytest.mark.parametrize("bounds", [[0.5, 0.5], [0.5, 0.5, 0.5, 0.5], []], ids=len)
def test_another_number_of_bounds_than_groups_is_an_error_before_anything_changes(bounds, device):
    optimizer, groups = grouped(device)
    before = [copies(grads(group)) for group in groups]

    with raises(
        ValueError,
        when=f"there are 3 groups and {len(bounds)} bounds",
        advice="zip stops at the end of the shorter one, so compare the lengths first",
    ):
        gradient_clipping.clip_per_group_(optimizer, bounds)

    check(
        grads_by_group(groups),
        before,
        what="the gradients after the ValueError",
        mistakes={
            "groups are clipped until the bounds run out: compare the lengths first": lambda: [
                clipped(gs, 0.5) if position < len(bounds) else gs
                for position, gs in enumerate(before)
            ]
        },
        **CLOSE,
    )


def test_a_group_may_have_parameters_without_gradients_or_none_at_all(device):
    optimizer, groups = grouped(device)
    groups[0][1].grad = groups[2][0].grad = None
    for p in groups[1]:
        p.grad.zero_()
    due = [norm_of([groups[0][0].grad]), norm_of(grads(groups[1])), 0.0]
    due_grads = [torch_clips(group, 0.5) for group in groups]

    with situation("with a group whose gradients are zeros, and one that has none"):
        norms = gradient_clipping.clip_per_group_(optimizer, [0.5, 0.5, 0.5])

    check(len(norms), 3, what="the number of norms, of three groups")
    kinds = {type(norm).__name__ for norm in norms}
    assert kinds == {"Tensor"}, f"the norms are of type {' and '.join(sorted(kinds))}: give tensors"
    # Where there is no gradient, any dtype is right.
    check([float(norm) for norm in norms], [float(norm) for norm in due], what="the norms")
    check(
        grads_by_group(groups), due_grads, what="the gradients, some of them None or zeros", **CLOSE
    )


def test_a_parameter_that_was_frozen_after_backward_counts_with_its_group(device):
    optimizer, groups = grouped(device)
    frozen = groups[0][0].requires_grad_(False)
    before, due = copies(grads(groups[0])), torch_clips(groups[0], 0.5)

    norms = gradient_clipping.clip_per_group_(optimizer, [0.5, 0.5, 0.5])

    left_out = "it is left out, though the optimizer will step along its .grad"
    what = "of a group with a frozen parameter that has a .grad"
    check(
        norms[0], norm_of(before), what=f"the norm {what}", mistakes={left_out: norm_of(before[1:])}
    )
    check(grads(groups[0]), due, what=f"the gradients {what}", **CLOSE)
    assert not frozen.requires_grad, "a frozen parameter requires grad after the call"


def test_group_clipping_works_in_place_and_leaves_parameters_and_optimizer(device):
    optimizer, groups = grouped(device)
    params = flat(groups)
    state, values = copy.deepcopy(optimizer.state_dict()), copies(params)
    due = flat(torch_clips(group, 0.5) for group in groups)
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.clip_per_group_(optimizer, [0.5, 0.5, 0.5])

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)
    check(optimizer.state_dict(), state, what="optimizer.state_dict()")


def test_group_clipping_keeps_float32_and_takes_a_large_norm(device):
    params = parameters(device, dtype=torch.float32)
    for p in params:
        p.grad *= 1e6
    optimizer = torch.optim.SGD(params, lr=0.1)
    due_norm, due = norm_of(grads(params)), torch_clips(params, 0.5)

    norms = gradient_clipping.clip_per_group_(optimizer, [0.5])

    check(norms, [due_norm], what="the norm of one group in float32, about 1e6")
    check(grads(params), due, what="gradients in float32", **CLOSE)
