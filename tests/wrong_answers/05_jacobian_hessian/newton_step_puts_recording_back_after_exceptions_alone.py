"""
Puts grad mode back under "except Exception", which Ctrl-C is not.

task: newton_step
says: it leaves recording switched on
"""


def newton_step(f, x):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        at, n = x.detach(), x.numel()
        g = torch.autograd.functional.jacobian(f, at)
        h = torch.autograd.functional.hessian(f, at)
        out = at - torch.linalg.solve(h.reshape(n, n), g.reshape(n)).reshape(x.shape)
    except Exception:
        torch.set_grad_enabled(recording)
        raise
    torch.set_grad_enabled(recording)
    return out
