"""
task: register_windows
says: elements, windows of
says: the last window is left out
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        starts = range(0, len(x) - size, step)
        return torch.stack([x[i : i + size] for i in starts]) if starts else x.new_empty((0, size))

    @windows.register_fake
    def _(x, size, step):
        return x.new_empty(((x.shape[0] - size) // step + 1, size))

    return windows
