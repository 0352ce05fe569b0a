"""
task: register_erf
says: must not also be an input
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        x.copy_(torch.tensor([math.erf(v) for v in x.flatten().tolist()]).reshape(x.shape))
        return x

    return erf
