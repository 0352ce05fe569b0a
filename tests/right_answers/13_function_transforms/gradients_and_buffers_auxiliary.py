"""
task: gradients_and_buffers
way: functional_call on leaves, and torch.autograd.grad
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {
        name: p.detach().clone().requires_grad_()
        for name, p in model.named_parameters()
        if p.requires_grad
    }
    buffers = {name: b.detach().clone() for name, b in model.named_buffers()}
    with torch.enable_grad():
        output = torch.func.functional_call(model, {**params, **buffers}, (x.detach(),))
        loss = loss_fn(output, y.detach())
    found = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    gradients = {
        name: torch.zeros_like(p).detach() if g is None else g
        for (name, p), g in zip(params.items(), found)
    }
    return gradients, buffers
