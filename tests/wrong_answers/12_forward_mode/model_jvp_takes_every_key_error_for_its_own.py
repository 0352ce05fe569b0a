"""
task: model_jvp
says: ErrorOfTheModel is due when f raises ErrorOfTheModel
"""


def model_jvp(model, tangents, x):
    parameters = dict(model.named_parameters())
    try:
        with forward_ad.dual_level():
            for name, tangent in tangents.items():
                parameters[name] = forward_ad.make_dual(parameters[name], tangent)
            y = torch.func.functional_call(model, parameters, (x,))
            output, moved = forward_ad.unpack_dual(y)
    except KeyError as error:
        raise KeyError(f"{error} of {list(tangents)} is no parameter of the model") from error
    output = output.detach()
    return output, torch.zeros_like(output) if moved is None else moved.detach()
