"""
Tensors instead of floats.

task: gradient_norms
says: a Python float is due
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        norms.append(torch.stack([g.norm() for g in grads if g is not None]).norm())
    return norms
