"""
task: register_accumulate
says: total is overwritten
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total.copy_(torch.tensor(np.abs(x.numpy(force=True))))

    return accumulate
