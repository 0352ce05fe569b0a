"""
task: jacobian_in_chunks
says: inside torch.no_grad(), it raises
"""


def jacobian_in_chunks(f, x, chunk):
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    rows = [
        torch.autograd.grad(y, leaf, some, retain_graph=True, is_grads_batched=True)[0]
        for some in basis.split(chunk)
    ]
    return torch.cat(rows).reshape(y.shape + x.shape)
