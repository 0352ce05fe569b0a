"""
task: register_solve
says: the value of input 2
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        values = b.numpy(force=True)
        values[...] = np.linalg.solve(a.numpy(force=True), values[..., None])[..., 0]
        return b.clone()

    @solve.register_vmap
    def _(info, in_dims, a, b):
        a, b = (
            t.expand(info.batch_size, *t.shape) if dim is None else t.movedim(dim, 0)
            for t, dim in zip((a, b), in_dims, strict=True)
        )
        return solve(a, b), 0

    return solve
