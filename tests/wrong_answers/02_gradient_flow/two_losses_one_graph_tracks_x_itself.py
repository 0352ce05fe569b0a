"""
task: two_losses_one_graph
says: requires_grad of an input was False before the call
"""


def two_losses_one_graph(f, l1, l2, x):
    x.requires_grad_()
    y = f(x)
    (first,) = torch.autograd.grad(l1(y), x, retain_graph=True)
    (second,) = torch.autograd.grad(l2(y), x)
    return first, second
