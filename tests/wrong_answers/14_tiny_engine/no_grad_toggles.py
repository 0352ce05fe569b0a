"""
task: no_grad
says: recording is turned over: off becomes on
"""


class no_grad:
    def __enter__(self):
        GRAD_MODE.enabled = not GRAD_MODE.enabled

    def __exit__(self, *error):
        GRAD_MODE.enabled = not GRAD_MODE.enabled

    def __call__(self, function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with no_grad():
                return function(*args, **kwargs)

        return wrapped
