"""
task: register_accumulate
says: the absolute value of the sum
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total += x
        total.abs_()

    return accumulate
