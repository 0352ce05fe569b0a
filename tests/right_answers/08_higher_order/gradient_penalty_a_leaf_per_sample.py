"""
task: gradient_penalty
way: each sample is a leaf of its own, stacked for one call
"""

from collections.abc import Callable

import torch
from torch import Tensor


def gradient_penalty(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    leaves = [sample.requires_grad_() for sample in x.detach().clone().unbind(0)]
    scores = critic(torch.stack(leaves))
    gradients = torch.autograd.grad(scores, leaves, torch.ones_like(scores), create_graph=True)
    norms = torch.stack([torch.linalg.vector_norm(g) for g in gradients])
    return torch.nn.functional.mse_loss(norms, torch.ones_like(norms))
