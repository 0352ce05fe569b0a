"""
task: register_solve
says: b is taken for a matrix
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        values = b.numpy(force=True)
        stacked = values.shape[:-1] != a.shape[:-2] or values.shape != a.shape[-2:]
        x = np.linalg.solve(a.numpy(force=True), values[..., None] if stacked else values[None])
        return torch.tensor(x[..., 0] if stacked else x, device=b.device)

    @solve.register_vmap
    def _(info, in_dims, a, b):
        a, b = (
            t.expand(info.batch_size, *t.shape) if dim is None else t.movedim(dim, 0)
            for t, dim in zip((a, b), in_dims, strict=True)
        )
        return solve(a, b), 0

    return solve
