"""
Never clears between two batches.

task: gradient_norms
says: gradients add up from batch to batch
"""


def gradient_norms(model, loss_fn, batches):
    before = [p.grad for p in model.parameters()]
    norms = []
    for p in model.parameters():
        p.grad = None
    for x, y in batches:
        loss_fn(model(x), y).backward()
        grads = [p.grad for p in model.parameters() if p.grad is not None]
        norms.append(torch.cat([g.flatten() for g in grads]).norm().item())
    for p, old in zip(model.parameters(), before):
        p.grad = old
    return norms
