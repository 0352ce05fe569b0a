"""
task: register_windows
says: elements differ
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        rows = (len(x) - size) // step + 1
        return x.as_strided((rows, size), (step, 1)).clone(memory_format=torch.contiguous_format)

    @windows.register_fake
    def _(x, size, step):
        return x.new_empty(((x.shape[0] - size) // step + 1, size))

    return windows
