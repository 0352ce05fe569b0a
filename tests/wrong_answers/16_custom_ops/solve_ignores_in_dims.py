"""
task: register_solve
says: the axis that is mapped over is taken for the first
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        columns = np.linalg.solve(a.numpy(force=True), b.numpy(force=True)[..., None])
        return torch.tensor(columns[..., 0], device=b.device)

    @solve.register_vmap
    def _(info, in_dims, a, b):
        if in_dims[0] is None:
            a = a.expand(info.batch_size, *a.shape)
        if in_dims[1] is None:
            b = b.expand(info.batch_size, *b.shape)
        return solve(a, b), 0

    return solve
