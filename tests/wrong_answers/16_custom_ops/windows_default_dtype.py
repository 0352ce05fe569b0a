"""
task: register_windows
says: torch.float32, torch's is torch.float64
"""


def register_windows(name):
    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        starts = range(0, len(x) - size + 1, step)
        return torch.tensor([x[i : i + size].tolist() for i in starts], device=x.device)

    @windows.register_fake
    def _(x, size, step):
        return x.new_empty(((x.shape[0] - size) // step + 1, size))

    return windows
