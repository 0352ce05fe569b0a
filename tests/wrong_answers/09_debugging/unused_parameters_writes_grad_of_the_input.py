"""
Puts .grad back on the parameters, and not on the model's input.

task: unused_parameters
says: .grad of an input was None
"""


def unused_parameters(model, loss):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    aside = {n: p.grad for n, p in params.items()}
    try:
        for p in params.values():
            p.grad = None
        loss.backward(retain_graph=True)
        return [n for n, p in params.items() if p.grad is None]
    finally:
        for n, p in params.items():
            p.grad = aside[n]
