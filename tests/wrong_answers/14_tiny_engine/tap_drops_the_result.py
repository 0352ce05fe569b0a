"""
task: tap
says: the hook's result is dropped
"""


def tap(x, hook):
    def vjp(cotangent):
        hook(cotangent)
        return (cotangent,)

    result = Node.result(x.data, (x,), vjp)
    result.version = x.version
    return result
