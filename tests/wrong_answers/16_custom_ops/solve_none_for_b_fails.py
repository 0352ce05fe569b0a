"""
task: register_solve
says: TypeError
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        columns = np.linalg.solve(a.numpy(force=True), b.numpy(force=True)[..., None])
        return torch.tensor(columns[..., 0], device=b.device)

    @solve.register_vmap
    def _(info, in_dims, a, b):
        a = a.expand(info.batch_size, *a.shape) if in_dims[0] is None else a.movedim(in_dims[0], 0)
        return solve(a, b.movedim(in_dims[1], 0)), 0

    return solve
