"""
task: no_grad
says: recording is on at the end, whatever it was
"""

import contextlib


class no_grad(contextlib.ContextDecorator):
    def __enter__(self):
        GRAD_MODE.enabled = False

    def __exit__(self, *error):
        GRAD_MODE.enabled = True
