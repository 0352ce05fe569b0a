"""
task: register_erf
says: torch.float32, torch's is torch.float64
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        values = [math.erf(value) for value in x.flatten().tolist()]
        return torch.tensor(values, device=x.device).reshape(x.shape)

    return erf
