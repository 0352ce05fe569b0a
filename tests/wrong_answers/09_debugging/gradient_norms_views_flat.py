"""
Views gradients as vectors, which only contiguous ones can be.

task: gradient_norms
says: that is not contiguous
"""


def gradient_norms(model, loss_fn, batches):
    params = list(model.parameters())
    aside = [p.grad for p in params]
    norms = []
    try:
        for x, y in batches:
            for p in params:
                p.grad = None
            loss_fn(model(x), y).backward()
            flat = [p.grad.view(-1) for p in params if p.grad is not None]
            norms.append(float(torch.cat(flat).norm()))
    finally:
        for p, old in zip(params, aside):
            p.grad = old
    return norms
