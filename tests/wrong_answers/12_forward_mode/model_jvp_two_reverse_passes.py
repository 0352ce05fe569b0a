"""
task: model_jvp
says: calls torch.autograd.grad
"""


def model_jvp(model, tangents, x):
    parameters = dict(model.named_parameters())
    moving = [parameters[name].detach().requires_grad_() for name in tangents]
    with torch.enable_grad():
        now = dict(parameters, **dict(zip(tangents, moving)))
        output = torch.func.functional_call(model, now, (x,))
        u = torch.zeros_like(output, requires_grad=True)
        pulled = torch.autograd.grad(output, moving, u, create_graph=True) if moving else []
    moved = torch.zeros_like(output.detach())
    if moving:
        (moved,) = torch.autograd.grad(pulled, u, list(tangents.values()))
    return output.detach(), moved
