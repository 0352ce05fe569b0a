"""
task: gradient
way: backward restricted to one leaf by inputs=
"""


def gradient(f, x):
    with torch.set_grad_enabled(True):
        leaf = x.detach().clone().requires_grad_()
        f(leaf).backward(inputs=[leaf])
    return leaf.grad
