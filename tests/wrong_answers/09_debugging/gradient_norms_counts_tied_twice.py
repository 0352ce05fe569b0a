"""
A weight that two layers share counts for each of them.

task: gradient_norms
says: the shared weight counts twice
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for _, p in model.named_parameters(remove_duplicate=False) if p.requires_grad]
    norms = []
    for x, y in batches:
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        norms.append(torch.stack([g.norm() for g in grads if g is not None]).norm().item())
    return norms
