"""
task: per_sample_gradients
way: one forward pass of the whole batch, and a backward pass for each sample
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    with torch.enable_grad():
        outputs = model(xs.detach())
        losses = [loss_fn(out, y) for out, y in zip(outputs.split(1), ys.detach().split(1))]
    rows = [
        torch.autograd.grad(loss, list(params.values()), retain_graph=True, allow_unused=True)
        for loss in losses
    ]
    return {
        name: torch.stack([torch.zeros_like(p) if g is None else g for g in column]).detach()
        for (name, p), column in zip(params.items(), zip(*rows))
    }
