"""
task: register_erf
says: TypeError
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        return torch.tensor(
            [math.erf(value) for value in x.tolist()], dtype=x.dtype, device=x.device
        )

    return erf
