"""
task: no_grad
says: a call ends with recording on, or as it was at the decoration
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
        before = GRAD_MODE.enabled

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            GRAD_MODE.enabled = False
            try:
                return function(*args, **kwargs)
            finally:
                GRAD_MODE.enabled = before

        return wrapped
