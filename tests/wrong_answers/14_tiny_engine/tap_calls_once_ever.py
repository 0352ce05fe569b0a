"""
task: tap
says: with the vjp called 2 times, the hook was called once, and not 2 times
"""


def tap(x, hook):
    once = functools.cache(hook)

    def vjp(cotangent):
        replaced = once(cotangent)
        return (cotangent if replaced is None else replaced,)

    result = Node.result(x.data, (x,), vjp)
    result.version = x.version
    return result
