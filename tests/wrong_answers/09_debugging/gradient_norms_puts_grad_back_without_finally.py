"""
Puts .grad back after the loop, which an error ends.

task: gradient_norms
says: .grad of the parameter '0.weight'
"""

import torch
from torch import Tensor, nn


def gradient_norms(model, loss_fn, batches):
    trainable = [p for p in model.parameters() if p.requires_grad]
    before = [p.grad for p in trainable]
    norms = []
    for x, y in batches:
        for p in trainable:
            p.grad = None
        loss_fn(model(x), y).backward(inputs=trainable)
        grads = [p.grad for p in trainable if p.grad is not None]
        norms.append(torch.cat([g.flatten() for g in grads]).norm().item())
    for p, grad in zip(trainable, before):
        p.grad = grad
    return norms
