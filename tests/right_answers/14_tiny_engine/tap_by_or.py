"""
task: tap
way: a node is always true, so `or` tells None apart
"""


def tap(x, hook):
    tapped = Node.result(x.data, [x], lambda g: [hook(g) or g])
    tapped.version = x.version
    return tapped
