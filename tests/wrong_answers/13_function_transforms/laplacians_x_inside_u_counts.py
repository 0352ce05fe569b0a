"""
task: laplacians
says: the xs inside u counts too
"""


def laplacians(u, xs):
    records = torch.is_grad_enabled()
    with torch.enable_grad():
        points = xs if xs.requires_grad else xs.detach().requires_grad_()
        total = torch.func.vmap(u)(points).sum()
        if not total.requires_grad:
            return torch.zeros(len(xs), dtype=xs.dtype, device=xs.device)
        (slope,) = torch.autograd.grad(
            total, points, create_graph=True, allow_unused=True, materialize_grads=True
        )
        result = torch.zeros(len(xs), dtype=xs.dtype, device=xs.device)
        if slope.requires_grad:
            for k in range(xs.shape[1]):
                row = torch.autograd.grad(
                    slope[:, k].sum(),
                    points,
                    create_graph=records,
                    retain_graph=True,
                    allow_unused=True,
                    materialize_grads=True,
                )[0]
                result = result + row[:, k]
    return result if records else result.detach()
