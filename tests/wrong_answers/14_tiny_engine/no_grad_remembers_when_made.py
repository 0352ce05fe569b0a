"""
task: no_grad
says: what was when the object was made comes back
"""


class no_grad:
    def __init__(self):
        self.before = GRAD_MODE.enabled

    def __enter__(self):
        GRAD_MODE.enabled = False

    def __exit__(self, *error):
        GRAD_MODE.enabled = self.before

    def __call__(self, function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with no_grad():
                return function(*args, **kwargs)

        return wrapped
