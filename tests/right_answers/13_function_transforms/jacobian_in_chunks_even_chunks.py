"""
task: jacobian_in_chunks
way: as few passes as are allowed, all of about one size
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    passes = -(-len(basis) // chunk)
    rows = [torch.func.vmap(pullback)(some)[0] for some in basis.tensor_split(passes)]
    return torch.cat(rows).reshape(y.shape + x.shape).detach()
