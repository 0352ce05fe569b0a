"""
task: two_losses_one_graph
says: .grad of the parameter 'weight'
says: leave it as it was found
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    l1(y).backward(retain_graph=True)
    first, x.grad = x.grad, None
    l2(y).backward()
    return first, x.grad
