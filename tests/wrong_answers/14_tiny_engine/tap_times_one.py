"""
task: tap
says: the new node has another array than x
"""


def tap(x, hook):
    result = x * 1.0
    if result.vjp is not None:
        result.vjp = lambda cotangent: (hook(cotangent) or cotangent,)
    return result
