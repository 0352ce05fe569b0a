"""
task: snapshot
says: Can't call numpy() on Tensor that requires grad
"""


def snapshot(t):
    return t.cpu().numpy().copy()
