"""
Back-propagates into grad.

task: unused_parameters
says: .grad of the parameter
"""


def unused_parameters(model, loss):
    loss.backward(retain_graph=True)
    return [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]
