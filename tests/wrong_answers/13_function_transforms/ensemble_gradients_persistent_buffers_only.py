"""
task: ensemble_gradients
says: the losses and the gradients, four models
"""

from torch.func import functional_call, grad_and_value, vmap


def ensemble_gradients(models, loss_fn, x, y):
    states = [m.state_dict() for m in models]
    train_names = [n for n, p in models[0].named_parameters() if p.requires_grad]
    names = [n for n, _ in models[0].named_parameters()]
    names += [n for n, _ in models[0].named_buffers() if n in states[0]]
    stacked = {n: torch.stack([s[n].detach() for s in states]) for n in names}
    train = {n: stacked.pop(n) for n in train_names}

    def loss(p, f, i):
        return loss_fn(functional_call(models[0], (p, f), (x,)), y)

    i = torch.arange(len(models))
    with torch.no_grad():
        if not train:
            return vmap(loss)(train, stacked, i), {}
        g, l = vmap(grad_and_value(loss))(train, stacked, i)
    return l, g
