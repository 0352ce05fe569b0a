"""
task: register_accumulate
says: total stays as it was
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total.reshape(-1).add_(x.abs().reshape(-1))

    return accumulate
