"""
task: no_grad
says: recording after a block that switched it on itself
"""


class no_grad:
    def __init__(self) -> None:
        self.s = []

    def __enter__(self) -> None:
        self.s.append(GRAD_MODE.enabled)
        if GRAD_MODE.enabled:
            GRAD_MODE.enabled = False

    def __exit__(self, kind, error, traceback) -> None:
        if self.s.pop():
            GRAD_MODE.enabled = True

    def __call__(self, function):
        @functools.wraps(function)
        def w(*a, **k):
            with self:
                return function(*a, **k)

        return w
