"""
task: model_jvp
says: where a frozen parameter and one of the model itself move
"""


def model_jvp(model, tangents, x):
    parameters = dict(model.named_parameters())
    for name in tangents:
        if name not in parameters:
            raise KeyError(name)
        path, short = name.rsplit(".", 1)
        assert short in model.get_submodule(path)._parameters
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
