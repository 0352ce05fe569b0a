"""
task: maml_gradient
way: torch.func.grad in torch.func.grad, and sub with alpha
"""


def maml_gradient(loss_fn, support, query, w, lr):
    from torch.func import grad

    inner = lambda t: loss_fn(t, support)
    outer = lambda t: loss_fn(torch.sub(t, grad(inner)(t), alpha=lr), query)
    return grad(outer)(w.detach()).detach()
