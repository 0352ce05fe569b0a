"""
task: tap
way: the node is built at once, recorded or not
"""


def tap(x, hook):
    if not (x.requires_grad and GRAD_MODE.enabled):
        return Node(x.data, version=x.version)

    def vjp(g):
        answer = hook(g)
        return [g] if answer is None else [answer]

    return Node(x.data, True, (x,), vjp, version=x.version)
