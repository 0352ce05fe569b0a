"""
task: register_erf
says: Tensor(a0!) x
"""


def register_erf(name):
    @custom_op(name, mutates_args=("x",))
    def erf(x: Tensor) -> Tensor:
        values = [math.erf(value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return erf
