"""
task: register_solve
says: only the shape is not
"""


def register_solve(name):
    pass

    @custom_op(name, mutates_args=())
    def op(a: Tensor, b: Tensor) -> Tensor:
        a_, b_ = (a.numpy(force=True), b.numpy(force=True))
        return torch.from_numpy(np.linalg.solve(a_, b_[..., None]).squeeze().copy()).to(b.device)

    def rule(info, in_dims, a, b):
        da, db = in_dims
        B = info.batch_size
        a = a.expand(B, *a.shape) if da is None else a.movedim(da, 0)
        b = b.expand(B, *b.shape) if db is None else b.movedim(db, 0)
        return (op(a, b), 0)

    op.register_vmap(rule)
    return op
