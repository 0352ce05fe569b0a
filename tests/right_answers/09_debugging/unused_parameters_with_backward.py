"""
task: unused_parameters
way: backward into .grad, which is put aside and put back
"""


def unused_parameters(model, loss):
    params = dict(model.named_parameters())
    aside = {n: p.grad for n, p in params.items()}
    try:
        for p in params.values():
            p.grad = None
        loss.backward(retain_graph=True, inputs=[p for p in params.values() if p.requires_grad])
        return [n for n, p in params.items() if p.requires_grad and p.grad is None]
    finally:
        for n, p in params.items():
            p.grad = aside[n]
