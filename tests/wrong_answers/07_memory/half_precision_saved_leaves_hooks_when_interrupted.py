"""
Takes its hooks back under "except Exception", which Ctrl-C is not.

task: HalfPrecisionSaved
says: it leaves a change behind: hooks on every saved tensor
"""

from contextlib import contextmanager


@contextmanager
def HalfPrecisionSaved():
    hooks = saved_tensors_hooks(
        lambda t: ((t.to(torch.bfloat16) if t.is_floating_point() else t).detach(), t.dtype),
        lambda p: p[0].to(p[1]),
    )
    hooks.__enter__()
    try:
        yield
    except Exception:
        hooks.__exit__()
        raise
    hooks.__exit__()
