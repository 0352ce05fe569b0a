"""
Trains on the way.

task: gradient_norms
says: the value of the parameter
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        norms.append(torch.stack([g.norm() for g in grads if g is not None]).norm().item())
        with torch.no_grad():
            for p, g in zip(params, grads):
                if g is not None:
                    p -= 0.01 * g
    return norms
