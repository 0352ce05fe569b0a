"""
task: no_grad
says: entered again after its end, it raises AttributeError
"""

import contextlib


@contextlib.contextmanager
def no_grad():
    before = GRAD_MODE.enabled
    GRAD_MODE.enabled = False
    try:
        yield
    finally:
        GRAD_MODE.enabled = before
