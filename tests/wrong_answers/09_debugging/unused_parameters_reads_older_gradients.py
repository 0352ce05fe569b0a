"""
Puts grad back, but an older gradient counts as use.

task: unused_parameters
says: an older gradient in .grad counts as use
"""


def unused_parameters(model, loss):
    before = [None if p.grad is None else p.grad.clone() for p in model.parameters()]
    loss.backward(retain_graph=True)
    names = [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]
    for p, old in zip(model.parameters(), before):
        p.grad = old
    return names
