"""
task: register_accumulate
says: x is written to
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        signs = x.sign()
        total += x.abs_()
        x.mul_(signs)

    return accumulate
