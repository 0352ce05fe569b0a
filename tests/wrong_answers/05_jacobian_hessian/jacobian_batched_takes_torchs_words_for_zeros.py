"""
task: jacobian_batched
says: ErrorOfF is due when the backward of f raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised
"""


def jacobian_batched(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    rows = None
    if y.requires_grad:
        basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
        # materialize_grads would give zeros for a single row.
        try:
            (rows,) = torch.autograd.grad(y, leaf, basis, is_grads_batched=True)
        except RuntimeError as e:
            if "not have been used" not in str(e):
                raise
            rows = None
    if rows is None:
        return x.new_zeros(y.shape + x.shape)
    return rows.reshape(y.shape + x.shape)
