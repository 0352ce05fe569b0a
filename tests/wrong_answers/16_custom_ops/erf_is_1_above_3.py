"""
task: register_erf
says: [∞, −∞, NaN, 0, 3.5, 30, 1e−30]
"""


def register_erf(name):

    @custom_op(name, mutates_args=())
    def op(x: Tensor) -> Tensor:
        return torch.tensor(
            [math.copysign(1, v) if abs(v) > 3 else math.erf(v) for v in x.flatten().tolist()],
            dtype=x.dtype,
        ).reshape(x.shape)

    return op
