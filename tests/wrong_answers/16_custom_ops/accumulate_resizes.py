"""
task: register_accumulate
says: total was given other memory
"""


def register_accumulate(name):
    pass

    @custom_op(name, mutates_args=("total",))
    def op(total: Tensor, x: Tensor) -> None:
        r = torch.as_tensor(total.numpy(force=True) + np.abs(x.numpy(force=True)))
        total.detach().resize_(0)
        total.set_(r)

    return op
