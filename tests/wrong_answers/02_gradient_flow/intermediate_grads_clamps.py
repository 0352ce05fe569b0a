"""
task: intermediate_grads
says: gradients of the outputs of two nn.Identity
"""


def intermediate_grads(layers, x, loss_fn):
    h = x.detach().requires_grad_()
    outputs = []
    for layer in layers:
        h = layer(h)
        outputs.append(h)
    return [grad.clamp(-1000.0, 1000.0) for grad in torch.autograd.grad(loss_fn(h), outputs)]
