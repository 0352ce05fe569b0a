"""
Gives loss_fn its arguments the other way round.

task: gradient_norms
says: loss_fn gets y first
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        gradients = torch.autograd.grad(loss_fn(y, model(x)), params, allow_unused=True)
        lengths = [gradient.norm() for gradient in gradients if gradient is not None]
        norms.append(torch.stack(lengths).norm().item())
    return norms
