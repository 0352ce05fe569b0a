"""
task: register_accumulate
says: differ
"""


def register_accumulate(name):

    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        t = total.detach().numpy()
        a = np.abs(x.numpy(force=True))
        t[...] = np.where(a > 0, t + a, a)

    return accumulate
