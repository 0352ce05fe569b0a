"""
task: register_accumulate
says: must not also be an input
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total += torch.tensor(np.abs(x.numpy(force=True)), device=x.device)
        return total

    return accumulate
