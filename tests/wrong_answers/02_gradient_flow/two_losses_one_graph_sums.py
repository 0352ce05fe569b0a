"""
task: two_losses_one_graph
says: both are the sum of the two
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    l1(y).backward(retain_graph=True)
    first = x.grad
    l2(y).backward()
    return first, x.grad
