"""
task: model_jvp
says: where nothing moves, given in a mapping that is no dict, it raises AttributeError
"""


def model_jvp(model, tangents, x):
    parameters = {name: p.detach() for name, p in model.named_parameters()}
    for name in tangents:
        if name not in parameters:
            raise KeyError(f"the model has no parameter {name!r}")
    with forward_ad.dual_level():
        for name, tangent in tangents.items():
            parameters[name] = forward_ad.make_dual(parameters[name], tangent)
        y = torch.func.functional_call(model, parameters, (x.detach(),))
        output, moved = forward_ad.unpack_dual(y)
    return output.detach(), moved.detach()
