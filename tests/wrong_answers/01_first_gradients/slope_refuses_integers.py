"""
task: slope
says: given the int 3 for x, it raises RuntimeError: only Tensors of floating point
"""


def slope(f, x):
    at = (
        torch.tensor(x).requires_grad_()
        if isinstance(x, int)
        else torch.tensor(x).double().requires_grad_()
    )
    return torch.autograd.grad(f(at), at)[0].item()
