"""
task: register_accumulate
says: not its absolute value
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total += torch.tensor(x.numpy(force=True), device=x.device)

    return accumulate
