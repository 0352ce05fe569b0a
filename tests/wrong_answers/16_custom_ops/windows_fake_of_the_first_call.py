"""
task: register_windows
says: its shape is
"""


def register_windows(name):
    kept = {}

    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        view = np.lib.stride_tricks.sliding_window_view(x.numpy(force=True), size)[::step]
        return torch.from_numpy(view.copy()).to(x.device)

    @windows.register_fake
    def _(x, size, step):
        rows = kept.setdefault((size, step), (x.shape[0] - size) // step + 1)
        return x.new_empty((rows, size))

    return windows
