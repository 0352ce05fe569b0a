"""
task: tap
says: after the vjp, the hook was called 2 times, and not once
"""


def tap(x, hook):
    def vjp(cotangent):
        return (cotangent if hook(cotangent) is None else hook(cotangent),)

    result = Node.result(x.data, (x,), vjp)
    result.version = x.version
    return result
