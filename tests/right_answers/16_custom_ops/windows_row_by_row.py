"""
task: register_windows
way: slices into a new tensor; the fake is told of by torch.library.register_fake
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        rows = [x[start : start + size] for start in range(0, len(x) - size + 1, step)]
        return torch.stack(rows)

    @torch.library.register_fake(name)
    def fake(x, size, step):
        return torch.empty((x.numel() - size + step) // step, size, dtype=x.dtype, device=x.device)

    return windows
