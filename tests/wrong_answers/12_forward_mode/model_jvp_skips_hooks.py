"""
task: model_jvp
says: the model's hooks do not run
"""


def model_jvp(model, tangents, x):
    known = dict(model.named_parameters())
    for n in tangents:
        known[n]
    slots = [(m, k, p) for m in model.modules() for k, p in m._parameters.items() if p is not None]
    by_id = {id(known[n]): t for n, t in tangents.items()}
    try:
        with forward_ad.dual_level():
            duals = {
                id(p): forward_ad.make_dual(p.detach(), by_id[id(p)].detach())
                for _, _, p in slots
                if id(p) in by_id
            }
            for m, k, p in slots:
                m._parameters[k] = duals.get(id(p), p)
            value, tangent = forward_ad.unpack_dual(model.forward(x))
            value = value.detach()
            return value, torch.zeros_like(value) if tangent is None else tangent.detach()
    finally:
        for m, k, p in slots:
            m._parameters[k] = p
