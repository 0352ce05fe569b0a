"""
task: tap
says: the new node has a Version of its own
"""


def tap(x, hook):
    def vjp(cotangent):
        replaced = hook(cotangent)
        return (cotangent if replaced is None else replaced,)

    result = Node.result(x.data, (x,), vjp)
    result.version = Version(x.version.count)
    return result
