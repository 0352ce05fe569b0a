"""
task: register_erf
says: the values of the first call are kept
"""


def register_erf(name):
    kept = {}

    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        key = (x.data_ptr(), x.shape, x._version)
        if key not in kept:
            values = [math.erf(v) for v in x.detach().cpu().flatten().tolist()]
            kept[key] = torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)
        return kept[key].clone()

    return erf
