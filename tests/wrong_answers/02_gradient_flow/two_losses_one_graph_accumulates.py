"""
task: two_losses_one_graph
says: the second gradient is added to the first
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    l1(y).backward(retain_graph=True)
    first = x.grad.clone()
    l2(y).backward()
    return first, x.grad
