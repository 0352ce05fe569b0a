"""
task: tap
says: where the hook returns None, None is handed on
"""


def tap(x, hook):
    result = Node.result(x.data, (x,), lambda cotangent: (hook(cotangent),))
    result.version = x.version
    return result
