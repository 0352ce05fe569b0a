"""
task: register_windows
says: meta
"""


def register_windows(name):
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        starts = range(0, len(x) - size + 1, step)
        return torch.stack([torch.tensor(x[i : i + size].tolist(), dtype=x.dtype) for i in starts])

    op = custom_op(name, windows, mutates_args=())
    op.register_fake(windows)
    return op
