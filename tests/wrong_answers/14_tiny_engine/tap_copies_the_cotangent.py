"""
task: tap
says: the hook got another node than the cotangent
"""


def tap(x, hook):
    def vjp(cotangent):
        replaced = hook(Node(cotangent.data))
        return (cotangent if replaced is None else replaced,)

    result = Node.result(x.data, (x,), vjp)
    result.version = x.version
    return result
