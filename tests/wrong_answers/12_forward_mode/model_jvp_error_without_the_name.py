"""
task: model_jvp
says: let it name third.weight too
"""


def model_jvp(model, tangents, x):
    parameters = {name: p.detach() for name, p in model.named_parameters()}
    for name in tangents:
        if name not in parameters:
            raise KeyError("unknown parameter")
    with forward_ad.dual_level():
        for name, tangent in tangents.items():
            parameters[name] = forward_ad.make_dual(parameters[name], tangent)
        y = torch.func.functional_call(model, parameters, (x.detach(),))
        output, moved = forward_ad.unpack_dual(y)
    output = output.detach()
    return output, torch.zeros_like(output) if moved is None else moved.detach()
