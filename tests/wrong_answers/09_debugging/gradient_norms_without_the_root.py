"""
The squares, without a root.

task: gradient_norms
says: the root is left out
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        norms.append(sum(g.square().sum().item() for g in grads if g is not None))
    return norms
