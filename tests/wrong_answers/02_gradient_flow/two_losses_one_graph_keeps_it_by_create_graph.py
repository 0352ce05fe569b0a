"""
task: two_losses_one_graph
says: still has a graph attached
"""


def two_losses_one_graph(f, l1, l2, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    (first,) = torch.autograd.grad(l1(y), leaf, create_graph=True)
    (second,) = torch.autograd.grad(l2(y), leaf)
    return first, second
