"""
task: model_jvp
says: KeyError is due when the model has no parameter 'second.weight'
"""


def model_jvp(model, tangents, x):
    parameters = {name: p.detach() for name, p in model.named_parameters(remove_duplicate=False)}
    for name in tangents:
        if name not in parameters:
            raise KeyError(f"the model has no parameter {name!r}")
    with forward_ad.dual_level():
        for name, tangent in tangents.items():
            parameters[name] = forward_ad.make_dual(parameters[name], tangent)
        y = torch.func.functional_call(
            model, {n: p for n, p in parameters.items() if n in tangents}, (x.detach(),)
        )
        output, moved = forward_ad.unpack_dual(y)
    output = output.detach()
    return output, torch.zeros_like(output) if moved is None else moved.detach()
