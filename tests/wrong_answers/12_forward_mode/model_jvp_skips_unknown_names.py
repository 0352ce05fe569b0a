"""
task: model_jvp
says: KeyError is due when the model has no parameter 'third.weight'
"""


def model_jvp(model, tangents, x):
    with forward_ad.dual_level():
        parameters = {
            name: forward_ad.make_dual(p.detach(), tangents[name])
            if name in tangents
            else p.detach()
            for name, p in model.named_parameters()
        }
        y = torch.func.functional_call(model, parameters, (x.detach(),))
        output, moved = forward_ad.unpack_dual(y)
    output = output.detach()
    return output, torch.zeros_like(output) if moved is None else moved.detach()
