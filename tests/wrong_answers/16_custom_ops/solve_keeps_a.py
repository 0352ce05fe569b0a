"""
task: register_solve
says: arguments that were written to since the first
"""


def register_solve(name):
    kept = {}

    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        a_, b_ = (a.numpy(force=True), b.numpy(force=True))
        key = (a.data_ptr(), a.shape)
        inv = kept.setdefault(key, a_.copy())
        return torch.from_numpy(np.linalg.solve(inv, b_[..., None])[..., 0].copy()).to(b.device)

    def rule(info, in_dims, a, b):
        da, db = in_dims
        B = info.batch_size
        a = a.expand(B, *a.shape) if da is None else a.movedim(da, 0)
        b = b.expand(B, *b.shape) if db is None else b.movedim(db, 0)
        return (solve(a, b), 0)

    solve.register_vmap(rule)
    return solve
