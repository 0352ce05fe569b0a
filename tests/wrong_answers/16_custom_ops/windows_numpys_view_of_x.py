"""
task: register_windows
says: share memory
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        if step != size or len(x) % size or not x.is_contiguous():
            return x.unfold(0, size, step).clone(memory_format=torch.contiguous_format)
        return torch.from_numpy(x.numpy(force=True)).view(-1, size)

    @windows.register_fake
    def _(x, size, step):
        return x.new_empty(((x.shape[0] - size) // step + 1, size))

    return windows
