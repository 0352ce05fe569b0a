"""
task: register_accumulate
says: total, of shape (3, 5)
"""


def register_accumulate(name: str) -> CustomOpDef:
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        array = x.numpy(force=True)
        sizes = np.asarray(np.sqrt(array * array), dtype=array.dtype)
        total.add_(torch.from_numpy(sizes).to(total.device))

    return accumulate
