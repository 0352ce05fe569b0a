"""
Lets f see float64 in place of the dtype of x.

task: gradient
says: given x in float32, where f multiplies sin x by a float32 vector, it raises RuntimeError
"""


def gradient(f, x):
    with torch.enable_grad():
        leaf = x.detach().double().requires_grad_()
        (result,) = torch.autograd.grad(f(leaf), leaf)
    return result.to(x.dtype)
