"""
Back-propagates into grad, and clears it before and after.

task: unused_parameters
says: .grad of the parameter
"""


def unused_parameters(model, loss):
    model.zero_grad()
    loss.backward(retain_graph=True)
    names = [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]
    model.zero_grad()
    return names
