"""
Puts recording back under except Exception, which Ctrl-C passes by.

task: gradient
says: called inside torch.no_grad(), it leaves recording switched on
"""


def gradient(f, x):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.detach().requires_grad_()
        (result,) = torch.autograd.grad(f(leaf), leaf)
    except Exception:
        torch.set_grad_enabled(before)
        raise
    torch.set_grad_enabled(before)
    return result
