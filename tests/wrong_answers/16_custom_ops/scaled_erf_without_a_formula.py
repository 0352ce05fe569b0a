"""
task: register_scaled_erf
says: no autograd formula was registered
"""


def register_scaled_erf(name):
    @custom_op(name, mutates_args=())
    def scaled_erf(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return scaled_erf
