"""
task: two_losses_one_graph
says: that of l1 is in that of l2, and taken out again
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().requires_grad_()
    y = f(x)
    (first,) = torch.autograd.grad(l1(y), x, retain_graph=True)
    (both,) = torch.autograd.grad(l1(y) + l2(y), x)
    return first, both - first
