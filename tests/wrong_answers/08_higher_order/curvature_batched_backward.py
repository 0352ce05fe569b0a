"""
task: curvature
says: a tensor of 90,000 is made; H has 90,000
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach().reshape(-1)
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return x.new_zeros(())
    n = x.numel()
    eye = torch.eye(n, dtype=x.dtype, device=x.device).reshape(n, *x.shape)
    h = torch.autograd.grad(g, x, eye, is_grads_batched=True, allow_unused=True)[0]
    if h is None:
        return x.new_zeros(()).detach()
    return v @ h.reshape(n, n) @ v
