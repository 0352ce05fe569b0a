"""
task: register_accumulate
says: total is returned
"""


def register_accumulate(name):
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> Tensor:
        total += torch.tensor(np.abs(x.numpy(force=True)), device=x.device)
        return total

    return accumulate
