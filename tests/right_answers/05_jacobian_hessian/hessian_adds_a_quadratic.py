"""
task: hessian
way: f plus 0 times the squares, so that both derivatives always have a graph
"""


@torch.enable_grad()
def hessian(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf) + 0 * (leaf**2).sum()
    g = torch.autograd.grad(y, leaf, create_graph=True)[0].flatten()
    H = torch.zeros(x.numel(), x.numel(), dtype=x.dtype, device=x.device)
    for i in range(len(g)):
        H[i] = torch.autograd.grad(g[i], leaf, retain_graph=True)[0].flatten()
    return H.reshape(x.shape + x.shape)
