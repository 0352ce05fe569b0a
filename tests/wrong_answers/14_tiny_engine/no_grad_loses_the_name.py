"""
task: no_grad
says: the __name__ of the decorated function
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
        def wrapped(*args, **kwargs):
            with self:
                return function(*args, **kwargs)

        return wrapped
