"""
task: two_losses_one_graph
says: a second time
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().requires_grad_()
    y = f(x)
    (first,) = torch.autograd.grad(l1(y), x)
    (second,) = torch.autograd.grad(l2(y), x)
    return first, second
