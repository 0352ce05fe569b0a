"""
task: laplacians
says: nothing records inside no_grad, and u is taken for constant
"""


def laplacians(u, xs):
    points = xs.detach().requires_grad_()
    total = torch.func.vmap(u)(points).sum()
    result = torch.zeros(len(xs), dtype=xs.dtype, device=xs.device)
    if not total.requires_grad:
        return result
    (slope,) = torch.autograd.grad(
        total, points, create_graph=True, allow_unused=True, materialize_grads=True
    )
    if slope.requires_grad:
        for k in range(xs.shape[1]):
            row = torch.autograd.grad(
                slope[:, k].sum(),
                points,
                create_graph=True,
                allow_unused=True,
                materialize_grads=True,
            )[0]
            result = result + row[:, k]
    return result
