"""
task: tap
says: what the hook returned, as it is handed on, is not recorded
"""


def tap(x, hook):
    def vjp(cotangent):
        replaced = hook(cotangent)
        return (cotangent if replaced is None else Node(replaced.data),)

    result = Node.result(x.data, (x,), vjp)
    result.version = x.version
    return result
