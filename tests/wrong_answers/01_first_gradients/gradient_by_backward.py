"""
task: gradient
says: weight.grad is written: .backward() writes the .grad of every leaf
"""


def gradient(f, x):
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        f(leaf).backward()
    return leaf.grad
