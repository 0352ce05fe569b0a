"""
task: two_losses_one_graph
says: x itself is made to require grad for a while
"""


def two_losses_one_graph(f, l1, l2, x):
    was = x.requires_grad
    x.requires_grad_(True)
    y = f(x)
    (first,) = torch.autograd.grad(l1(y), x, retain_graph=True)
    (second,) = torch.autograd.grad(l2(y), x)
    x.requires_grad_(was)
    return first, second
