"""
Asks for gradients of frozen parameters.

task: gradient_norms
says: with a frozen parameter, it raises RuntimeError
"""


def gradient_norms(model, loss_fn, batches):
    params = list(model.parameters())
    norms = []
    for x, y in batches:
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        norms.append(torch.stack([g.norm() for g in grads if g is not None]).norm().item())
    return norms
