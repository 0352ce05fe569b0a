"""
task: intermediate_grads
says: .grad of
says: leave it as it was found
"""


def intermediate_grads(layers, x, loss_fn):
    layers = list(layers)
    h, outputs = x.detach().requires_grad_(), []
    for layer in layers:
        h = layer(h)
        if h.is_leaf:
            return [torch.autograd.grad(loss_fn(h), h)[0]] * len(layers)
        h.retain_grad()
        outputs.append(h)
    loss_fn(h).backward()
    for layer in layers:
        layer.zero_grad()
    return [h.grad for h in outputs]
