"""
task: clipped_mean_gradient
says: the mean is clipped, not each sample's gradient
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    loss = loss_fn(model(xs), ys)
    grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
    factor = (max_norm / (torch.stack([g.norm() for g in grads]).norm() + 1e-6)).clamp(max=1)
    return {name: g * factor for name, g in zip(params, grads)}
