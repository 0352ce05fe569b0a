"""
task: jacobian_batched
says: f(x) is taken for constant because it has no grad_fn
"""


def jacobian_batched(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    rows = None
    if y.grad_fn is not None:
        basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
        # materialize_grads would give zeros for a single row.
        (rows,) = torch.autograd.grad(y, leaf, basis, allow_unused=True, is_grads_batched=True)
    if rows is None:
        return x.new_zeros(y.shape + x.shape)
    return rows.reshape(y.shape + x.shape)
