"""
task: register_solve
says: torch.float64, torch's is torch.float32
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        columns = np.linalg.solve(a.double().numpy(force=True), b.numpy(force=True)[..., None])
        return torch.tensor(columns[..., 0], device=b.device)

    @solve.register_vmap
    def _(info, in_dims, a, b):
        a, b = (
            t.expand(info.batch_size, *t.shape) if dim is None else t.movedim(dim, 0)
            for t, dim in zip((a, b), in_dims, strict=True)
        )
        return solve(a, b), 0

    return solve
