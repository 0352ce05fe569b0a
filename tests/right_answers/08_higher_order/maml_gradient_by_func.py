"""
task: maml_gradient
way: torch.func.grad inside torch.func.grad
"""


def maml_gradient(loss_fn, support, query, w, lr):
    def after(w):
        return loss_fn(w - lr * torch.func.grad(loss_fn)(w, support), query)

    return torch.func.grad(after)(w.detach()).detach()
