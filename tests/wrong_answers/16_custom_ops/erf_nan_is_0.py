"""
task: register_erf
says: [∞, −∞, NaN
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        values = [math.erf(value) if value == value else 0.0 for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return erf
