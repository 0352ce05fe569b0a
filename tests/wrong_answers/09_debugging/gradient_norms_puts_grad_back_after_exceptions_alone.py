"""
Puts .grad back under "except Exception", which Ctrl-C is not.

task: gradient_norms
says: .grad of the parameter '0.weight'
"""


def gradient_norms(model, loss_fn, batches):
    params = list(model.parameters())
    aside = [p.grad for p in params]
    norms = []

    def back():
        for p, old in zip(params, aside):
            p.grad = old

    try:
        for x, y in batches:
            for p in params:
                p.grad = None
            loss_fn(model(x), y).backward()
            flat = [p.grad.flatten() for p in params if p.grad is not None]
            norms.append(float(torch.cat(flat).norm()))
    except Exception:
        back()
        raise
    back()
    return norms
