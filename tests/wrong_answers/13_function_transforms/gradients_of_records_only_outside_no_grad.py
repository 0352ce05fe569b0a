"""
task: gradients_of
says: inside torch.no_grad(), it raises
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    leaves = {name: params[name].detach().requires_grad_() for name in names}
    loss = loss_fn(torch.func.functional_call(model, leaves, (x,)), y)
    gradients = torch.autograd.grad(loss, list(leaves.values()), materialize_grads=True)
    return {name: g.detach() for name, g in zip(names, gradients)}
