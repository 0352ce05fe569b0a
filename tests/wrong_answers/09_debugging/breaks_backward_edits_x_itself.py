"""
fn gets a tensor that shares its memory with x.

task: breaks_backward
says: the value of an input
"""


def breaks_backward(fn, x):
    class Same(torch.autograd.Function):
        @staticmethod
        def forward(ctx, t):
            return t.detach()

        @staticmethod
        def backward(ctx, g):
            return g

    leaf = x.detach().requires_grad_()
    y = fn(Same.apply(leaf))
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y.sum(), leaf, allow_unused=True)
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
