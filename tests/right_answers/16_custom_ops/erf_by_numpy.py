"""
task: register_erf
way: np.vectorize over an array
"""


def register_erf(name):
    def erf(x: Tensor) -> Tensor:
        values = np.vectorize(math.erf, otypes=[float])(x.numpy(force=True))
        return torch.as_tensor(values, dtype=x.dtype).to(x.device)

    return custom_op(name, erf, mutates_args=())
