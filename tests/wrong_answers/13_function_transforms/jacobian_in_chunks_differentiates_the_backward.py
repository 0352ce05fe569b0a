"""
task: jacobian_in_chunks
says: the backward of f is differentiated again
"""


def jacobian_in_chunks(f, x, chunk):
    basis = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    columns = torch.stack([torch.autograd.functional.jvp(f, x, t)[1] for t in basis])
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape).detach()
