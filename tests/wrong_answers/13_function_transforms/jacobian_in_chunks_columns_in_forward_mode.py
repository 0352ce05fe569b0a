"""
task: jacobian_in_chunks
says: f is differentiated in forward mode
"""


def jacobian_in_chunks(f, x, chunk):
    def column(tangent):
        return torch.func.jvp(f, (x,), (tangent,))[1]

    basis = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    columns = torch.func.vmap(column, chunk_size=chunk)(basis)
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape).detach()
