"""
task: register_erf
says: no custom operator
"""


def register_erf(name):
    def erf(x: Tensor) -> Tensor:
        values = [math.erf(value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return erf
