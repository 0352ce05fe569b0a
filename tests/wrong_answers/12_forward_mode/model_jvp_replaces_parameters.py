"""
task: model_jvp
says: has been replaced or removed
"""


def model_jvp(model, tangents, x):
    parameters = {name: p.detach() for name, p in model.named_parameters()}
    for name in tangents:
        if name not in parameters:
            raise KeyError(f"the model has no parameter {name!r}")

    with forward_ad.dual_level():
        for name, tangent in tangents.items():
            owner, _, last = name.rpartition(".")
            delattr(model.get_submodule(owner), last)
            setattr(
                model.get_submodule(owner), last, forward_ad.make_dual(parameters[name], tangent)
            )
        output, moved = forward_ad.unpack_dual(model(x.detach()))
    output = output.detach()
    return output, torch.zeros_like(output) if moved is None else moved.detach()
