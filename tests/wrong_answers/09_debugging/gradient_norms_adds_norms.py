"""
The norms of the parameters are added.

task: gradient_norms
says: the norms of the parameters are added
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        norms.append(sum(g.norm().item() for g in grads if g is not None))
    return norms
