"""
task: jacobian_in_chunks
says: f is called 4 times
"""


def jacobian_in_chunks(f, x, chunk):
    with torch.no_grad():
        y = f(x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    parts = []
    for some in basis.split(chunk):
        _, pullback = torch.func.vjp(f, x)
        parts.append(torch.func.vmap(pullback)(some)[0])
    return torch.cat(parts).reshape(y.shape + x.shape).detach()
