"""
task: register_accumulate
says: the op was called again
"""


def register_accumulate(name):
    sums = {}

    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        key = total.data_ptr()
        sums[key] = sums.get(key, total.numpy(force=True).copy()) + np.abs(x.numpy(force=True))
        total.copy_(torch.as_tensor(sums[key]))

    return accumulate
