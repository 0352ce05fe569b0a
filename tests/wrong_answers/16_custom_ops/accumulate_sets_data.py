"""
task: register_accumulate
says: total was given other memory
"""


def register_accumulate(name):

    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total.data = torch.as_tensor(total.numpy(force=True) + np.abs(x.numpy(force=True)))

    return accumulate
