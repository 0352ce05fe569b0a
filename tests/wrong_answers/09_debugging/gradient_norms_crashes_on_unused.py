"""
Does not expect a parameter without a gradient.

task: gradient_norms
says: with a parameter that the loss does not use, it raises RuntimeError
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        grads = torch.autograd.grad(loss_fn(model(x), y), params)
        norms.append(torch.stack([g.norm() for g in grads]).norm().item())
    return norms
