"""
task: model_jvp
way: torch.func.jvp over a function of the parameters that move; the error is that of a dict
"""


def model_jvp(model, tangents, x):
    parameters = {name: p.detach() for name, p in model.named_parameters()}
    moving = {name: parameters.pop(name) for name in tangents}

    if not moving:
        value = torch.func.functional_call(model, parameters, x).detach()
        return value, value * 0

    def output(moving):
        return torch.func.functional_call(model, {**parameters, **moving}, x.detach())

    value, moved = torch.func.jvp(
        output, (moving,), ({n: t.detach() for n, t in tangents.items()},)
    )
    return value.detach(), moved.detach()
