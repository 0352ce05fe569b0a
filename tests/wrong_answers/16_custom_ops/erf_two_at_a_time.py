"""
task: register_erf
says: differ
"""


def register_erf(name):

    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        v = x.detach().cpu().flatten().tolist()
        out = torch.zeros(len(v), dtype=x.dtype)
        for i in range(0, len(v) - 1, 2):
            out[i], out[i + 1] = (math.erf(v[i]), math.erf(v[i + 1]))
        if len(v) == 1:
            out[0] = math.erf(v[0])
        return out.reshape(x.shape).to(x.device)

    return erf
