"""
task: gradients_and_buffers
says: the value of the buffer
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    before = {name: b.clone() for name, b in model.named_buffers()}
    with torch.enable_grad():
        loss = loss_fn(model(x.detach()), y.detach())
    found = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    gradients = {
        name: torch.zeros_like(p).detach() if g is None else g
        for (name, p), g in zip(params.items(), found)
    }
    buffers = {name: b.clone() for name, b in model.named_buffers()}
    for name, b in model.named_buffers():
        b.copy_(before[name])
    return gradients, buffers
