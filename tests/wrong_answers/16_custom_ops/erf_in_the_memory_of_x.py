"""
task: register_erf
says: the value of an input
"""


def register_erf(name):
    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        values = x.numpy(force=True)
        flat = [math.erf(value) for value in values.flatten()]
        values[...] = np.array(flat).reshape(values.shape)
        return x.clone()

    return erf
