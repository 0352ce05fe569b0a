"""
task: no_grad
says: a call does nothing while its object is entered
"""


class no_grad:
    def __init__(self):
        self.before = []

    def __enter__(self):
        self.before.append(GRAD_MODE.enabled)
        GRAD_MODE.enabled = False

    def __exit__(self, kind, error, traceback):
        GRAD_MODE.enabled = self.before.pop()

    def __call__(self, function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if self.before:  # already off
                return function(*args, **kwargs)
            with self:
                return function(*args, **kwargs)

        return wrapper
