"""
task: jacobian_in_chunks
says: the original x is made to record
"""


def jacobian_in_chunks(f, x, chunk):
    recorded = x.requires_grad
    x.requires_grad_()
    try:
        with torch.enable_grad():
            y = f(x)
        basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
        rows = [
            torch.autograd.grad(y, x, some, retain_graph=True, is_grads_batched=True)[0]
            for some in basis.split(chunk)
        ]
    finally:
        x.requires_grad_(recorded)
    return torch.cat(rows).reshape(y.shape + x.shape)
