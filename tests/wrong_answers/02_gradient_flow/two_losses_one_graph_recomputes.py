"""
task: two_losses_one_graph
says: f was called 2 times
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().requires_grad_()
    (first,) = torch.autograd.grad(l1(f(x)), x)
    (second,) = torch.autograd.grad(l2(f(x)), x)
    return first, second
