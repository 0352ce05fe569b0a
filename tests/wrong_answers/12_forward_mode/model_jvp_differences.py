"""
task: model_jvp
says: the model runs 3 times: one run gives both
"""


def model_jvp(model, tangents, x):
    parameters = {name: p.detach() for name, p in model.named_parameters()}
    for name in tangents:
        if name not in parameters:
            raise KeyError(f"the model has no parameter {name!r}")

    def at(step):
        now = {n: p + step * tangents[n] if n in tangents else p for n, p in parameters.items()}
        return torch.func.functional_call(model, now, (x.detach(),)).detach()

    return at(0), (at(1e-5) - at(-1e-5)) / 2e-5
