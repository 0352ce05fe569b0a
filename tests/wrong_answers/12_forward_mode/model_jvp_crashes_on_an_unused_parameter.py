"""
task: model_jvp
says: where a parameter moves that the model does not use
"""


def model_jvp(model, tangents, x):
    known = dict(model.named_parameters())
    if not tangents:
        y = model(x).detach()
        return y, torch.zeros_like(y)
    with forward_ad.dual_level():
        duals = {
            n: forward_ad.make_dual(known[n].detach(), t.detach()) for n, t in tangents.items()
        }
        value, tangent = forward_ad.unpack_dual(torch.func.functional_call(model, duals, (x,)))
        return value.detach(), tangent.detach()
