"""
task: tap
says: before any way back, the hook was called once, and not 0 times
"""


def tap(x, hook):
    replaced = hook(Node(np.ones_like(x.data)))
    result = Node.result(
        x.data, (x,), lambda cotangent: (cotangent if replaced is None else replaced * cotangent,)
    )
    result.version = x.version
    return result
