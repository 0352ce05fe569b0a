"""
task: multiply_
says: the result to have none from the beginning
"""


def multiply_(x, factor):
    import dataclasses

    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad is being changed in place")
    x.data *= factor
    x.version.count += 1
    rec = GRAD_MODE.enabled and x.requires_grad
    return dataclasses.replace(
        x,
        requires_grad=rec,
        parents=(x,) if rec else (),
        vjp=(lambda g: (g * factor,)) if rec else None,
    )
