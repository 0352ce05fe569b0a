"""
Measures in eval mode, and puts the modes back.

task: gradient_norms
says: the model is put into eval mode
"""


def gradient_norms(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    modes = {module: module.training for module in model.modules()}
    norms = []
    try:
        model.eval()
        for x, y in batches:
            gradients = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
            lengths = [gradient.norm() for gradient in gradients if gradient is not None]
            norms.append(torch.stack(lengths).norm().item())
    finally:
        for module, mode in modes.items():
            module.training = mode
    return norms
