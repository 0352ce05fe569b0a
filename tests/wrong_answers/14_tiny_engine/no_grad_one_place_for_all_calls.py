"""
task: no_grad
says: there is one place for the old state, which the inner call overwrites
"""


class no_grad:
    def __init__(self):
        self.before = []

    def __enter__(self):
        self.before.append(GRAD_MODE.enabled)
        GRAD_MODE.enabled = False

    def __exit__(self, *error):
        GRAD_MODE.enabled = self.before.pop()

    def __call__(self, function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            self.old = GRAD_MODE.enabled
            GRAD_MODE.enabled = False
            try:
                return function(*args, **kwargs)
            finally:
                GRAD_MODE.enabled = self.old

        return wrapped
