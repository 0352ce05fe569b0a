"""
Starts from what is in grad.

task: gradient_norms
says: older gradients are in .grad, and are added to
"""


def gradient_norms(model, loss_fn, batches):
    before = [None if p.grad is None else p.grad.clone() for p in model.parameters()]
    norms = []
    for x, y in batches:
        for p, old in zip(model.parameters(), before):
            p.grad = None if old is None else old.clone()
        loss_fn(model(x), y).backward()
        grads = [p.grad for p in model.parameters() if p.grad is not None]
        norms.append(torch.cat([g.flatten() for g in grads]).norm().item())
    for p, old in zip(model.parameters(), before):
        p.grad = old
    return norms
