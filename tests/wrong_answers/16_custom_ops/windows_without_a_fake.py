"""
task: register_windows
says: There was no fake impl registered
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        every = np.lib.stride_tricks.sliding_window_view(x.numpy(force=True), size)
        return torch.tensor(every[::step], device=x.device)

    return windows
