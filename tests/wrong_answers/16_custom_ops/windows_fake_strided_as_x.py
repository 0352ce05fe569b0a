"""
task: register_windows
says: its being contiguous is False
"""


def register_windows(name):

    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        view = np.lib.stride_tricks.sliding_window_view(x.numpy(force=True), size)[::step]
        return torch.from_numpy(view.copy()).to(x.device)

    windows.register_fake(
        lambda x, size, step: torch.empty_strided(
            ((x.shape[0] - size) // step + 1, size),
            (size * x.stride(0), x.stride(0)),
            dtype=x.dtype,
            device=x.device,
        )
    )
    return windows
