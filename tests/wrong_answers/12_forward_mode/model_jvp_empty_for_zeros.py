"""
task: model_jvp
says: are NaN
"""


def model_jvp(model, tangents, x):
    parameters = dict(model.named_parameters())
    with forward_ad.dual_level():
        for name, tangent in tangents.items():
            parameters[name] = forward_ad.make_dual(parameters[name], tangent)
        y = torch.func.functional_call(model, parameters, (x,))
        output, moved = forward_ad.unpack_dual(y)
    output = output.detach()
    return output, torch.empty_like(output) if moved is None else moved.detach()
