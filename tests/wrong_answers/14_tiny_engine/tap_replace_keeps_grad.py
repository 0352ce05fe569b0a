"""
task: tap
says: the new node has a .grad from the beginning
"""


def tap(x, hook):
    import dataclasses

    recorded = GRAD_MODE.enabled and x.requires_grad

    def vjp(cotangent):
        changed = hook(cotangent)
        return (cotangent if changed is None else changed,)

    return dataclasses.replace(
        x, requires_grad=recorded, parents=(x,) if recorded else (), vjp=vjp if recorded else None
    )
