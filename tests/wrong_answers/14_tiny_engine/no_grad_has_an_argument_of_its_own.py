"""
task: no_grad
says: called with an argument named function, it raises TypeError
"""


class no_grad:
    def __init__(self):
        self._before = []

    def __enter__(self):
        self._before.append(GRAD_MODE.enabled)
        GRAD_MODE.enabled = False

    def __exit__(self, kind, error, traceback):
        GRAD_MODE.enabled = self._before.pop()

    def _run(self, function, *args, **kwargs):
        with self:
            return function(*args, **kwargs)

    def __call__(self, function):
        @functools.wraps(function)
        def unrecorded(*args, **kwargs):
            return self._run(function, *args, **kwargs)

        return unrecorded
