"""
task: maml_gradient
way: torch.autograd.functional
"""


def maml_gradient(loss_fn, support, query, w, lr):
    def after(w):
        g = torch.autograd.functional.vjp(lambda t: loss_fn(t, support), w, create_graph=True)[1]
        return loss_fn(w - lr * g, query)

    return torch.autograd.functional.jacobian(after, w.detach())
