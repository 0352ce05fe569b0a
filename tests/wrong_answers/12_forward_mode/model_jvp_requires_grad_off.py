"""
task: model_jvp
says: requires_grad
"""


def model_jvp(model, tangents, x):
    parameters = dict(model.named_parameters())
    for name in tangents:
        if name not in parameters:
            raise KeyError(name)
    wanted = [p.requires_grad for p in parameters.values()]
    model.requires_grad_(False)
    with forward_ad.dual_level():
        duals = {
            name: forward_ad.make_dual(parameters[name].detach(), t.detach())
            for name, t in tangents.items()
        }
        out = torch.func.functional_call(model, duals, (x,))
        value, tangent = forward_ad.unpack_dual(out)
        if tangent is None:
            tangent = torch.zeros_like(value)
        for p, want in zip(parameters.values(), wanted):
            p.requires_grad_(want)
        return value.detach(), tangent.detach()
