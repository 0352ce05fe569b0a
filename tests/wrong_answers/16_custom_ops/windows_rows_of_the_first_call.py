"""
task: register_windows
says: ValueError
"""


def register_windows(name):
    kept = {}

    @custom_op(name, mutates_args=())
    def op(x: Tensor, size: int, step: int) -> Tensor:
        a = x.numpy(force=True)
        rows = (len(a) - size) // step + 1
        rows = kept.setdefault((size, step), rows)
        return torch.from_numpy(np.stack([a[i * step : i * step + size] for i in range(rows)])).to(
            x.device
        )

    op.register_fake(lambda x, size, step: x.new_empty(((x.shape[0] - size) // step + 1, size)))
    return op
