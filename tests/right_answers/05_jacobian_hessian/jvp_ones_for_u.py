"""
task: jvp_double_backward
way: u is ones: whatever it is, the result is linear in it
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros(y.shape, dtype=x.dtype, device=x.device)
        u = torch.ones(y.shape, dtype=y.dtype, device=y.device, requires_grad=True)
        g = torch.autograd.grad((y * u).sum(), leaf, create_graph=True, allow_unused=True)[0]
        if g is None or not g.requires_grad:
            return torch.zeros_like(y, requires_grad=False)
        return torch.autograd.grad((g * v).sum(), u)[0]
