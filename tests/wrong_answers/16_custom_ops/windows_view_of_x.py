"""
task: register_windows
says: may not alias any inputs
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        return x.unfold(0, size, step)

    @windows.register_fake
    def _(x, size, step):
        return x.new_empty(((x.shape[0] - size) // step + 1, size))

    return windows
