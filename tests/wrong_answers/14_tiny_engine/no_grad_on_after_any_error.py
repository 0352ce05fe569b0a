"""
task: no_grad
says: it was off before, and is to be so again
"""


class no_grad:
    def __init__(self) -> None:
        self.s = []

    def __enter__(self) -> None:
        self.s.append(GRAD_MODE.enabled)
        GRAD_MODE.enabled = False

    def __exit__(self, kind, error, traceback) -> None:
        was = self.s.pop()
        GRAD_MODE.enabled = was if kind is None else True

    def __call__(self, function):
        @functools.wraps(function)
        def w(*a, **k):
            with self:
                return function(*a, **k)

        return w
