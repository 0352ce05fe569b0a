"""
task: saved_bytes
says: what fn returns is counted
"""


def saved_bytes(fn, *args):
    y = fn(*args)
    return y.untyped_storage().nbytes() if isinstance(y, Tensor) else 0
