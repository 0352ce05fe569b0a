"""
task: tap
says: after 2 calls of the vjp, the hook has been called 1 times
"""


def tap(x, hook):
    once = functools.cache(hook)

    def vjp(cotangent):
        replaced = once(cotangent)
        return (cotangent if replaced is None else replaced,)

    result = Node.result(x.data, (x,), vjp)
    result.version = x.version
    return result
