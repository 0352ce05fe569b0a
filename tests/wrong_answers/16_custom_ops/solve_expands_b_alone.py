"""
task: register_solve
says: a vmap over 4 vectors with one matrix
"""


def register_solve(name: str) -> CustomOpDef:
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        return torch.from_numpy(
            np.linalg.solve(a.numpy(force=True), b.numpy(force=True)[..., None])[..., 0]
        ).to(a.device)

    @solve.register_vmap
    def rule(info, in_dims, a, b):
        a = a if in_dims[0] is None else a.movedim(in_dims[0], 0)
        b = b.expand(info.batch_size, *b.shape) if in_dims[1] is None else b.movedim(in_dims[1], 0)
        return solve(a, b), 0

    return solve
