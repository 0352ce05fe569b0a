"""
task: intermediate_grads
way: retain_grad, and backward with inputs=
"""


def intermediate_grads(layers, x, loss_fn):
    h = x.detach().clone().requires_grad_()
    outputs = []
    for layer in layers:
        h = layer(h)
        h.retain_grad()
        outputs.append(h)
    loss_fn(h).backward(inputs=outputs)
    return [h.grad for h in outputs]
