"""
task: register_accumulate
says: whether autograd takes x for changed
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        signs = x.sign()
        total += x.abs_()
        x.mul_(signs)

    return accumulate
