"""
task: no_grad
says: the LookupError of a block is swallowed
"""


class no_grad:
    def __init__(self):
        self.before = []

    def __enter__(self):
        self.before.append(GRAD_MODE.enabled)
        GRAD_MODE.enabled = False
        return self

    def __exit__(self, *error):
        GRAD_MODE.enabled = self.before.pop()
        return self

    def __call__(self, function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with self:
                return function(*args, **kwargs)

        return wrapped
