"""
task: gradients_and_buffers
says: all modules run in eval mode
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}
    buffers = {name: b.clone() for name, b in model.named_buffers()}

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, (params, buffers), (x,)), y)

    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return torch.func.grad(loss)(params, buffers), buffers
    finally:
        for module, mode in modes:
            module.training = mode
