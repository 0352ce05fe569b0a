"""
task: model_jvp
says: forward-mode level
"""


def model_jvp(model, tangents, x):
    parameters = {name: p.detach() for name, p in model.named_parameters()}
    for name in tangents:
        if name not in parameters:
            raise KeyError(f"the model has no parameter {name!r}")
    forward_ad.enter_dual_level()
    for name, tangent in tangents.items():
        parameters[name] = forward_ad.make_dual(parameters[name], tangent)
    y = torch.func.functional_call(model, parameters, (x.detach(),))
    output, moved = forward_ad.unpack_dual(y)
    forward_ad.exit_dual_level()
    output = output.detach()
    return output, torch.zeros_like(output) if moved is None else moved.detach()
