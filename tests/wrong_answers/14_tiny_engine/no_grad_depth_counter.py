"""
task: no_grad
says: the outermost block alone keeps what was
"""


class no_grad:
    def __init__(self):
        self.depth = 0
        self.before = True

    def __enter__(self):
        if self.depth == 0:
            self.before = GRAD_MODE.enabled
        self.depth += 1
        GRAD_MODE.enabled = False

    def __exit__(self, kind, error, traceback):
        self.depth -= 1
        if self.depth == 0:
            GRAD_MODE.enabled = self.before

    def __call__(self, function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with no_grad():
                return function(*args, **kwargs)

        return wrapper
