"""
task: cheapest_jacobian
says: inside torch.no_grad()
"""


def cheapest_jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    z = x.detach().requires_grad_()
    y = f(z)
    if x.numel() < y.numel():
        return torch.func.jacfwd(f)(x.detach()).detach()
    if not y.requires_grad:
        return y.new_zeros(y.shape + x.shape)
    rows = []
    for seed in torch.eye(y.numel(), dtype=y.dtype, device=y.device):
        row = torch.autograd.grad(
            y, z, seed.reshape(y.shape), retain_graph=True, allow_unused=True
        )[0]
        rows.append(torch.zeros_like(x).detach() if row is None else row)
    return torch.stack(rows).reshape(y.shape + x.shape)
