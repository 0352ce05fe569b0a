"""
task: register_erf
says: the operator's schema
"""


def register_erf(name):
    if not hasattr(register_erf, "op"):

        @custom_op(name, mutates_args=())
        def erf(x: Tensor) -> Tensor:
            values = [math.erf(value) for value in x.flatten().tolist()]
            return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

        register_erf.op = erf
    return register_erf.op
