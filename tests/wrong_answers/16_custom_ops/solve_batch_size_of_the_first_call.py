"""
task: register_solve
says: vmap over
"""


def register_solve(name):
    first = []

    @custom_op(name, mutates_args=())
    def op(a: Tensor, b: Tensor) -> Tensor:
        a_, b_ = (a.numpy(force=True), b.numpy(force=True))
        return torch.from_numpy(np.linalg.solve(a_, b_[..., None])[..., 0].copy()).to(b.device)

    def rule(info, in_dims, a, b):
        da, db = in_dims
        B = info.batch_size
        a = a.expand(B, *a.shape) if da is None else a.movedim(da, 0)
        b = b.expand(B, *b.shape) if db is None else b.movedim(db, 0)
        first.append(B)
        a = a if da is not None else a[:1].expand(first[0], *a.shape[1:])
        b = b if db is not None else b[:1].expand(first[0], *b.shape[1:])
        return (op(a, b), 0)

    op.register_vmap(rule)
    return op
