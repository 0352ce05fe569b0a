import pytest
import torch
import write_the_test
from torch import nn

from .shared import judge

pytestmark = pytest.mark.task("check_clip_grad_norm_")


def norm_of(gradients):
    squares = [gradient.square().sum() for gradient in gradients]
    return torch.stack(squares).sum().sqrt() if squares else torch.zeros(())


def clipping(change):
    """Return the candidate that gets the norm, and then changes gradients by this function."""

    def clip(params, max_norm):
        gradients = [p.grad for p in params if p.grad is not None]
        norm = norm_of(gradients)
        change(gradients, max_norm, norm)
        return norm

    return clip


def scale_above(gradients, max_norm, norm):
    if norm > max_norm:
        scale(gradients, max_norm, norm)


def scale(gradients, max_norm, norm):
    for gradient in gradients:
        gradient.mul_(max_norm / norm)


def scale_always(gradients, max_norm, norm):
    scale(gradients, max_norm, norm + 1e-6)


def copy_back(gradients, max_norm, norm):
    for gradient in gradients:
        gradient.copy_(gradient * (max_norm / norm).clamp(max=1))


def scale_at_once(gradients, max_norm, norm):
    if gradients:
        flat = torch.cat([g.flatten() for g in gradients]) * (max_norm / norm).clamp(max=1)
        parts = flat.split([g.numel() for g in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))


def leave(gradients, max_norm, norm):
    pass


def scale_each(gradients, max_norm, norm):
    for gradient in gradients:
        scale_above([gradient], max_norm, gradient.norm())


def clamp(gradients, max_norm, norm):
    for gradient in gradients:
        gradient.clamp_(-max_norm, max_norm)


def scale_to_1(gradients, max_norm, norm):
    if norm > max_norm:
        scale(gradients, 1, norm)


def scale_twice_over(gradients, max_norm, norm):
    if norm > max_norm:
        scale(gradients, max_norm**2, norm**2)


clip = clipping(scale_above)


def norm_after(params, max_norm):
    params = list(params)
    clip(params, max_norm)
    return norm_of([p.grad for p in params if p.grad is not None])


def sum_of_norms(params, max_norm):
    gradients = [p.grad for p in params if p.grad is not None]
    norm = sum((gradient.norm() for gradient in gradients), torch.zeros(()))
    scale_above(gradients, max_norm, norm)
    return norm


def without_none(params, max_norm):
    params = list(params)
    norm = norm_of([p.grad.detach() for p in params])
    scale_above([p.grad for p in params], max_norm, norm)
    return norm


def params_twice(params, max_norm):
    norm = norm_of([p.grad for p in params if p.grad is not None])
    scale_above([p.grad for p in params if p.grad is not None], max_norm, norm)
    return norm


def replaced(params, max_norm):
    params = [p for p in params if p.grad is not None]
    norm = norm_of([p.grad for p in params])
    for p in params:
        p.grad = p.grad * (max_norm / norm).clamp(max=1)
    return norm


def zeros_for_none(params, max_norm):
    params = list(params)
    for p in params:
        p.grad = torch.zeros_like(p) if p.grad is None else p.grad
    return clip(params, max_norm)


def without_nothing(params, max_norm):
    gradients = [p.grad for p in params if p.grad is not None]
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    scale_above(gradients, max_norm, norm)
    return norm


def share_out(gradients, max_norm, norm):
    if norm > max_norm:
        for gradient in gradients:
            gradient.mul_(max_norm / len(gradients) ** 0.5 / gradient.norm())


def turn_round(gradients, max_norm, norm):
    if norm > max_norm:
        scale(gradients, -max_norm, norm)


def by_direction(gradients, max_norm, norm):
    for gradient in gradients:
        gradient.mul_(norm.clamp(max=max_norm) / norm)


def scale_by_the_larger(gradients, max_norm, norm):
    scale(gradients, max_norm, norm.clamp(min=max_norm) + 1e-6)


def integer_for_nothing(params, max_norm):
    params = list(params)
    if all(p.grad is None for p in params):
        return torch.tensor(0)
    return clip(params, max_norm)


def replaced_below(params, max_norm):
    params = list(params)
    norm = clip(params, max_norm)
    if norm < max_norm:
        for p in params:
            p.grad = None if p.grad is None else p.grad.clone()
    return norm


def norm_in_float32(params, max_norm):
    params = list(params)
    gradients = [p.grad for p in params if p.grad is not None]
    norm = norm_of([gradient.float() for gradient in gradients])
    scale_above(gradients, max_norm, norm)
    return norm.to(gradients[0]) if gradients else norm


def norm_of_shape_1(params, max_norm):
    return clip(params, max_norm).reshape(1)


RIGHT = {
    "it is torch's own": lambda params, max_norm: nn.utils.clip_grad_norm_(params, max_norm),
    "it divides by the norm itself, torch by the norm + 1e-6; no more than 1e-5 is promised": clip,
    "it copies the scaled values back, below the bound too; one way is not promised": (
        clipping(copy_back)
    ),
    "it scales all at once, below the bound by exactly 1; one way is not promised": (
        clipping(scale_at_once)
    ),
    "without gradients it returns an integer 0; a dtype is not promised there": integer_for_nothing,
}

FAULTS = {
    "nothing is clipped": clipping(leave),
    "each parameter is clipped on its own": clipping(scale_each),
    "each element is clamped to ±max_norm": clipping(clamp),
    "it scales always, so that small gradients grow": clipping(scale_always),
    "it scales to norm 1, whatever max_norm is": clipping(scale_to_1),
    "it scales twice over, by (max_norm / norm)²": clipping(scale_twice_over),
    "the norm after clipping is returned": norm_after,
    "the norms are added up instead of squared, added and rooted": sum_of_norms,
    "a parameter without a gradient is an error": without_none,
    "a generator of parameters is used up by the norm, and nothing is scaled": params_twice,
    "a new tensor takes the place of .grad": replaced,
    "a parameter without a gradient gets one of zeros": zeros_for_none,
    "no gradients at all is an error": without_nothing,
    "each gradient is scaled on its own, so that all together have max_norm": clipping(share_out),
    "the factor has the wrong sign": clipping(turn_round),
    "gradients of 0 give NaN": clipping(by_direction),
    "below the bound a new tensor takes the place of .grad": replaced_below,
    "the norm is computed in float32, whatever the gradients are": norm_in_float32,
    "the norm has shape (1,)": norm_of_shape_1,
    "the norm is a Python float": lambda params, max_norm: clip(params, max_norm).item(),
    "float32 gradients give a norm in float64": lambda params, max_norm: clip(
        params, max_norm
    ).double(),
    "below the bound it scales by max_norm / (max_norm + 1e-6), not by 1": clipping(
        scale_by_the_larger
    ),
}


def test_check_clip_grad_norm__accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_clip_grad_norm_, RIGHT, FAULTS)
