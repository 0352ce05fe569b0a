"""
task: two_losses_one_graph
says: that of l1 is in that of l2, and taken out again
"""


def two_losses_one_graph(f, l1, l2, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    l1(y).backward(retain_graph=True, inputs=[leaf])
    first = leaf.grad.clone()
    l2(y).backward(inputs=[leaf])
    return first, leaf.grad - first
