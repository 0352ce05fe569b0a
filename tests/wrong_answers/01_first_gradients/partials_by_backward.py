"""
task: partials
says: weight.grad is written: .backward() writes the .grad of every leaf
"""


def partials(f, x, y):
    x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
    f(x, y).backward()
    return tuple(torch.zeros_like(t) if t.grad is None else t.grad for t in (x, y))
