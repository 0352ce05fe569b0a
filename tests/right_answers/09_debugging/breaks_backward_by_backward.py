"""
task: breaks_backward
way: backward with inputs, a copy by multiplication
"""


def breaks_backward(fn, x):
    leaf = x.detach().requires_grad_()
    y = fn(leaf * 1)
    if y.grad_fn is None:
        return False
    try:
        y.backward(torch.zeros_like(y), inputs=[leaf])
    except RuntimeError as error:
        if "modified by an inplace operation" in str(error):
            return True
        raise
    return False
