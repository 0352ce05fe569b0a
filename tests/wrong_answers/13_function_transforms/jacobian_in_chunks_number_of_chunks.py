"""
task: jacobian_in_chunks
says: 7 backward passes go through f for 20 rows, and 3 are due: chunk is how many rows a pass carries
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    rows = torch.cat(
        [torch.func.vmap(pullback)(v)[0] for v in basis.tensor_split(min(chunk, len(basis)))]
    )
    return rows.reshape(y.shape + x.shape).detach()
