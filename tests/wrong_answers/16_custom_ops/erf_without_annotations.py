"""
task: register_erf
says: must have a type annotation
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x):
        values = [math.erf(value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return erf
