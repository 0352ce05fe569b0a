"""
task: register_accumulate
says: total stays as it was
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total = total + torch.tensor(np.abs(x.numpy(force=True)), device=x.device)

    return accumulate
