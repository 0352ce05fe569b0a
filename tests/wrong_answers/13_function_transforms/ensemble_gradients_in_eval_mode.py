"""
task: ensemble_gradients
says: all modules run in eval mode
"""

import copy
from torch.func import functional_call, grad_and_value, stack_module_state, vmap


def ensemble_gradients(models, loss_fn, x, y):
    params, buffers = stack_module_state(list(models))
    base = copy.deepcopy(models[0]).eval()
    train = {n: p.detach() for n, p in params.items() if p.requires_grad}
    fixed = {n: p.detach() for n, p in params.items() if not p.requires_grad}

    def loss(p, f, b, i):
        return loss_fn(functional_call(base, (p, f, b), (x,)), y)

    with torch.no_grad():
        g, l = vmap(grad_and_value(loss))(train, fixed, buffers, torch.arange(len(models)))
    return l.detach(), {n: v.detach() for n, v in g.items()}
