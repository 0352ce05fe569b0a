"""
task: no_grad
says: what the function returned is lost
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
            with self:
                function(*args, **kwargs)

        return wrapped
