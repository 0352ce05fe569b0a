"""
task: model_jvp
says: KeyError is due when the model has no parameter 'mixing'; nothing was raised
"""


def model_jvp(model, tangents, x):
    parameters = dict(model.named_parameters()) | dict(model.named_buffers())
    for name in tangents:
        if name not in parameters:
            raise KeyError(name)
    with forward_ad.dual_level():
        duals = {
            name: forward_ad.make_dual(parameters[name].detach(), t.detach())
            for name, t in tangents.items()
        }
        out = torch.func.functional_call(model, duals, (x,))
        value, tangent = forward_ad.unpack_dual(out)
        if tangent is None:
            tangent = torch.zeros_like(value)
        return value.detach(), tangent.detach()
