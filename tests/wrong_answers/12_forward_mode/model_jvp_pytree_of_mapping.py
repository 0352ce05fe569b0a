"""
task: model_jvp
says: given in a mapping that is no dict, it raises RuntimeError
"""


def model_jvp(model, tangents, x):
    own = dict(model.named_parameters())
    primals = {name: own[name].detach() for name in tangents}
    output, tangent = torch.func.jvp(
        lambda p: torch.func.functional_call(model, p, (x,)), (primals,), (tangents,)
    )
    return output.detach(), tangent.detach()
