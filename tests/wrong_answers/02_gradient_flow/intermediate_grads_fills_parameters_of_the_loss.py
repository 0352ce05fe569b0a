"""
task: intermediate_grads
says: .grad of the parameter 'weight' was None before the call
"""


def intermediate_grads(layers, x, loss_fn):
    layers = list(layers)
    params = [p for l in layers for p in l.parameters()]
    old = [p.grad for p in params]
    for p in params:
        p.grad = None
    h, outs = x.detach().requires_grad_(), []
    for l in layers:
        h = l(h)
        if not h.is_leaf:
            h.retain_grad()
        outs.append(h)
    loss_fn(h).backward()
    for p, g in zip(params, old):
        p.grad = g
    return [o.grad for o in outs]
