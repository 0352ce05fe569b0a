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


def copy_back(gradients, max_norm, norm):
    for gradient in gradients:
        gradient.copy_(gradient * (max_norm / norm).clamp(max=1))


def scale_at_once(gradients, max_norm, norm):
    if gradients:
        torch._foreach_mul_(gradients, (max_norm / norm).clamp(max=1).item())


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


RIGHT = {
    "it is torch's own": lambda params, max_norm: nn.utils.clip_grad_norm_(params, max_norm),
    "it divides by the norm itself, torch by the norm + 1e-6": clip,
    "it copies the scaled values back, below the bound too": clipping(copy_back),
    "it scales all at once, below the bound by exactly 1": clipping(scale_at_once),
}

FAULTS = {
    "nothing is clipped": clipping(leave),
    "each parameter is clipped on its own": clipping(scale_each),
    "each element is clamped to ±max_norm": clipping(clamp),
    "it scales always, so that small gradients grow": clipping(scale),
    "it scales to norm 1, whatever max_norm is": clipping(scale_to_1),
    "it scales twice over, by (max_norm / norm)²": clipping(scale_twice_over),
    "the norm after clipping is returned": norm_after,
    "the norms are added up instead of squared, added and rooted": sum_of_norms,
    "a parameter without a gradient is an error": without_none,
    "a generator of parameters is used up by the norm, and nothing is scaled": params_twice,
    "a new tensor takes the place of .grad": replaced,
    "a parameter without a gradient gets one of zeros": zeros_for_none,
    "no gradients at all is an error": without_nothing,
}


def test_check_clip_grad_norm__accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_clip_grad_norm_, RIGHT, FAULTS)
