"""
task: no_grad
way: an exit stack holds what puts each old state back
"""

import contextlib


class no_grad(contextlib.ContextDecorator):
    def __init__(self):
        self.stack = []

    def __enter__(self):
        self.stack.append(contextlib.ExitStack())
        self.stack[-1].callback(setattr, GRAD_MODE, "enabled", GRAD_MODE.enabled)
        GRAD_MODE.enabled = False
        return self

    def __exit__(self, *error):
        self.stack.pop().close()
