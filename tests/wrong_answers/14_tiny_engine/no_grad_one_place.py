"""
task: no_grad
says: there is one place for the old state, which the inner block overwrites
"""


class no_grad:
    def __enter__(self):
        self.before = GRAD_MODE.enabled
        GRAD_MODE.enabled = False

    def __exit__(self, *error):
        GRAD_MODE.enabled = self.before

    def __call__(self, function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with no_grad():
                return function(*args, **kwargs)

        return wrapped
