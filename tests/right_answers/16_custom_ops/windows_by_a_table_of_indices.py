"""
task: register_windows
way: NumPy looks up a table of indices; unfold for the fake
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        starts = np.arange(0, x.shape[0] - size + 1, step)
        taken = x.cpu().numpy()[starts[:, None] + np.arange(size)]
        return torch.from_numpy(taken).to(x.device)

    windows.register_fake(lambda x, size, step: x.unfold(0, size, step).contiguous())
    return windows
