"""
task: register_erf
says: the operator's schema
says: mine::erf
"""


def register_erf(name):
    @custom_op("mine::erf", mutates_args=())
    def erf(x: Tensor) -> Tensor:
        values = [math.erf(value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return erf
