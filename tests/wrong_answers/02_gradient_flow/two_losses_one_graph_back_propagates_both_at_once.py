"""
task: two_losses_one_graph
says: both are the sum of the two
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().requires_grad_()
    y = f(x)
    (total,) = torch.autograd.grad([l1(y), l2(y)], x)
    return total, total
