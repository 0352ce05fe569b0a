"""
task: register_accumulate
says: differ
"""


def register_accumulate(name):
    pass

    @custom_op(name, mutates_args=("total",))
    def op(total: Tensor, x: Tensor) -> None:
        t = total.detach().numpy()
        v = np.abs(x.numpy(force=True))
        n = t.size // 2 * 2
        for i in range(max(n, 1)):
            j = np.unravel_index(i, t.shape) if t.ndim else ()
            t[j] += v[j]

    return op
