"""
task: two_losses_one_graph
way: both losses first, then the gradient of the second, and last that of the first
"""


def two_losses_one_graph(f, l1, l2, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    first, second = l1(y), l2(y)
    g2 = torch.autograd.grad(second, [leaf], retain_graph=True)[0]
    g1 = torch.autograd.grad(first, [leaf], retain_graph=False)[0]
    return g1.detach(), g2.detach()
