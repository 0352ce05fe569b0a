"""
task: tap
says: tap returns x itself
"""


def tap(x, hook):
    before = x.vjp

    def vjp(cotangent):
        replaced = hook(cotangent)
        return before(cotangent if replaced is None else replaced)

    if x.requires_grad:
        x.vjp = vjp
    return x
