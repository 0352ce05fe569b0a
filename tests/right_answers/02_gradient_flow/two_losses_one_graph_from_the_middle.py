"""
task: two_losses_one_graph
way: gradients at f(x) first, then through f with each
"""


def two_losses_one_graph(f, l1, l2, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    middle = y.detach().requires_grad_()
    v1 = torch.autograd.grad(l1(middle), middle)[0]
    v2 = torch.autograd.grad(l2(middle), middle)[0]
    return [
        torch.autograd.grad(y, leaf, v1, retain_graph=True)[0],
        torch.autograd.grad(y, leaf, v2)[0],
    ]
