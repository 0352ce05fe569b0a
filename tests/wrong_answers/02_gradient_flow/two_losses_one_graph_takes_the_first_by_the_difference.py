"""
Takes the second gradient off that of both, where both may be infinite.

task: two_losses_one_graph
says: that of l2 is in that of l1, and taken out again by a difference or by · 0
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().requires_grad_()
    y = f(x)
    first, second = l1(y), l2(y)
    (of_both,) = torch.autograd.grad(first + second, x, retain_graph=True)
    (of_second,) = torch.autograd.grad(second, x)
    return of_both - of_second, of_second
