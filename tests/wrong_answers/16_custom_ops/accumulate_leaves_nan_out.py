"""
task: register_accumulate
says: to which an x of NaN is added
"""


def register_accumulate(name: str) -> CustomOpDef:
    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total.add_(
            torch.from_numpy(np.asarray(np.nan_to_num(np.abs(np.asarray(x.numpy(force=True))))))
        )

    return accumulate
