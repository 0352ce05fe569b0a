"""
task: tap
says: the tap of a constant is recorded
"""


def tap(x, hook):
    def vjp(cotangent):
        replaced = hook(cotangent)
        return (cotangent if replaced is None else replaced,)

    return Node(x.data, True, (x,), vjp, version=x.version)
