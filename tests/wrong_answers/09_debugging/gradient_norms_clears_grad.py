"""
Drops what was in grad.

task: gradient_norms
says: .grad of the parameter
"""


def gradient_norms(model, loss_fn, batches):
    norms = []
    for x, y in batches:
        model.zero_grad()
        loss_fn(model(x), y).backward()
        grads = [p.grad for p in model.parameters() if p.grad is not None]
        norms.append(torch.cat([g.flatten() for g in grads]).norm().item())
    model.zero_grad()
    return norms
