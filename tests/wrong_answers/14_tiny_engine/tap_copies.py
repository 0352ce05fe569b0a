"""
task: tap
says: the new node has another array than x
"""


def tap(x, hook):
    def vjp(cotangent):
        replaced = hook(cotangent)
        return (cotangent if replaced is None else replaced,)

    result = Node.result(x.data.copy(), (x,), vjp)
    result.version = x.version
    return result
