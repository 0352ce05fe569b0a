"""
task: register_erf
says: of 12 elements differ
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        flat = x.as_strided((x.numel(),), (1,)).tolist()
        values = [math.erf(value) for value in flat]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return erf
