"""
task: gradients_of
says: yours['spare'] is None
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    leaves = {name: params[name].detach().requires_grad_() for name in names}
    with torch.enable_grad():
        loss = loss_fn(torch.func.functional_call(model, leaves, (x,)), y)
    gradients = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
    return dict(zip(names, gradients))
