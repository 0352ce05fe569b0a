"""
task: gradients_and_buffers
says: functional_call got multiple values for keys
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}
    params_of_all = dict(model.named_parameters())
    buffers = {
        name: t.clone() for name, t in model.state_dict().items() if name not in params_of_all
    }

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, (params, buffers), (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params, buffers)
    return gradients, buffers
