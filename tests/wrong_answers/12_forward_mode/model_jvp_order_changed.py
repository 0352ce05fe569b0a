"""
task: model_jvp
says: gives the parameters in another order afterwards
"""


def model_jvp(model, tangents, x):
    parameters = dict(model.named_parameters())
    for name in tangents:
        if name not in parameters:
            raise KeyError(name)
    names = {id(p): n for n, p in parameters.items()}
    taken = []
    try:
        with forward_ad.dual_level():
            duals = {
                n: forward_ad.make_dual(parameters[n].detach(), t.detach())
                for n, t in tangents.items()
            }
            for module in model.modules():
                for short, p in list(module._parameters.items()):
                    if names.get(id(p)) in duals:
                        taken.append((module, short, p))
                        delattr(module, short)
                        setattr(module, short, duals[names[id(p)]])
            value, tangent = forward_ad.unpack_dual(model(x))
            if tangent is None:
                tangent = torch.zeros_like(value)
            return value.detach(), tangent.detach()
    finally:
        for module, short, p in taken:
            delattr(module, short)
            module.register_parameter(short, p)
