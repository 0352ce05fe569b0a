"""
task: gradient_norms
way: backward into .grad, which is put aside and put back; one long vector
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
            flat = [p.grad.flatten() for p in params if p.grad is not None]
            norms.append(float(torch.cat(flat).norm()))
    finally:
        for p, old in zip(params, aside):
            p.grad = old
    return norms
