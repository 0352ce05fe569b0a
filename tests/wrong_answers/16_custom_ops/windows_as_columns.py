"""
task: register_windows
says: the windows are columns
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        every = np.lib.stride_tricks.sliding_window_view(x.numpy(force=True), size)
        return torch.tensor(every[::step].T, device=x.device)

    @windows.register_fake
    def _(x, size, step):
        return x.new_empty(((x.shape[0] - size) // step + 1, size))

    return windows
