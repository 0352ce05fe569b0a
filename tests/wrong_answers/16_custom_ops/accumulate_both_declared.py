"""
task: register_accumulate
says: x is declared to change too
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total", "x"))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total += torch.tensor(np.abs(x.numpy(force=True)), device=x.device)

    return accumulate
