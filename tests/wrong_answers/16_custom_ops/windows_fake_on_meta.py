"""
task: register_windows
says: the fake kernel
says: device is meta
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        every = np.lib.stride_tricks.sliding_window_view(x.numpy(force=True), size)
        return torch.tensor(every[::step], device=x.device)

    @windows.register_fake
    def _(x, size, step):
        rows = (x.shape[0] - size) // step + 1
        return torch.empty((rows, size), dtype=x.dtype, device="meta")

    return windows
