"""
task: model_jvp
way: every parameter moves, most of them along zeros
"""


def model_jvp(model, tangents, x):
    named = dict(model.named_parameters())
    unknown = [name for name in tangents if name not in named]
    if unknown:
        raise KeyError(unknown)
    with forward_ad.dual_level():
        duals = {
            name: forward_ad.make_dual(p.detach(), tangents.get(name, torch.zeros_like(p)))
            for name, p in named.items()
        }
        result = forward_ad.unpack_dual(torch.func.functional_call(model, duals, (x,)))
    return result.primal.detach(), result.tangent.detach()
