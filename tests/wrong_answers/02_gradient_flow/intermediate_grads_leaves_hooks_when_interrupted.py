"""
task: intermediate_grads
says: the number of hooks of the module '0'
"""


def intermediate_grads(layers, x, loss_fn):
    layers = list(layers)
    outs, handles = [], []
    for l in {id(l): l for l in layers}.values():
        handles.append(l.register_forward_hook(lambda m, i, o: outs.append(o)))
    h = x.detach().requires_grad_()
    try:
        for l in layers:
            h = l(h)
        loss = loss_fn(h)
    except Exception:
        for hd in handles:
            hd.remove()
        raise
    for hd in handles:
        hd.remove()
    return list(torch.autograd.grad(loss, outs))
