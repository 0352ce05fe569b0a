"""
task: jacobian_in_chunks
says: f itself runs under torch.func.vmap
"""


def jacobian_in_chunks(f, x, chunk):
    def row(at, weights):
        return torch.func.grad(lambda t: (f(t).reshape(-1) * weights).sum())(at)

    with torch.no_grad():
        y = f(x)
    weights = torch.eye(y.numel(), dtype=y.dtype, device=y.device)
    points = x.detach().expand(y.numel(), *x.shape)
    rows = torch.func.vmap(row, chunk_size=chunk)(points, weights)
    return rows.reshape(y.shape + x.shape)
