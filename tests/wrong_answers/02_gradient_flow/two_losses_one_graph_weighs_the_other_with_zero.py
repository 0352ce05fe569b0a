"""
task: two_losses_one_graph
says: each is in the other, and taken out again by · 0
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().requires_grad_()
    y = f(x)
    w = torch.tensor([1.0, 0.0], dtype=x.dtype, device=x.device)
    ls = torch.stack([l1(y), l2(y)])
    (first,) = torch.autograd.grad((ls * w).sum(), x, retain_graph=True)
    (second,) = torch.autograd.grad((ls * w.flip(0)).sum(), x)
    return first, second
