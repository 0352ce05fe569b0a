"""
task: gradients_and_buffers
way: the model itself runs, and its buffers are put back
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    before = {name: b.clone() for name, b in model.named_buffers()}
    try:
        with torch.enable_grad():
            loss = loss_fn(model(x.detach()), y.detach())
        found = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
        buffers = {name: b.clone() for name, b in model.named_buffers()}
    finally:
        for name, b in model.named_buffers():
            b.copy_(before[name])
    gradients = {
        name: torch.zeros_like(p).detach() if g is None else g
        for (name, p), g in zip(params.items(), found)
    }
    return gradients, buffers
