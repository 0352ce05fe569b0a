"""
task: register_accumulate
says: the value of an input
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total += x.abs_()

    return accumulate
