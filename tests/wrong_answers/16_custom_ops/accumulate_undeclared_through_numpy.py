"""
task: register_accumulate
says: it is not declared that total changes
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=())
    def accumulate(total: Tensor, x: Tensor) -> None:
        values = total.numpy(force=True)
        values += np.abs(x.numpy(force=True))

    return accumulate
