"""
task: register_erf
says: math.erf compute it
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        return torch.special.erf(x)

    return erf
