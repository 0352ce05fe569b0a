"""
task: register_solve
says: mismatch in its core dimension
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        values = b.numpy(force=True)
        if values.ndim > 1:  # which NumPy does by itself since version 2
            values = values[None]
        x = np.linalg.solve(a.numpy(force=True), values)
        return torch.tensor(x, device=b.device)

    @solve.register_vmap
    def _(info, in_dims, a, b):
        a, b = (
            t.expand(info.batch_size, *t.shape) if dim is None else t.movedim(dim, 0)
            for t, dim in zip((a, b), in_dims, strict=True)
        )
        return solve(a, b), 0

    return solve
