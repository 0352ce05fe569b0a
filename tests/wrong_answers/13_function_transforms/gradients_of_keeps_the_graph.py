"""
task: gradients_of
says: still has a graph attached
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())

    def loss(chosen):
        return loss_fn(torch.func.functional_call(model, chosen, (x,)), y)

    return torch.func.grad(loss)({name: params[name].detach() for name in names})
