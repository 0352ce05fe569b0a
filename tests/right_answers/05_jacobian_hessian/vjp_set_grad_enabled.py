"""
task: vjp
way: grad mode by set_grad_enabled, put back in a finally block
"""


def vjp(f, x, v):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            out = y, torch.zeros_like(x)
        else:
            out = y.detach(), torch.autograd.grad(y, leaf, v, materialize_grads=True)[0]
        return out
    finally:
        torch.set_grad_enabled(recording)
