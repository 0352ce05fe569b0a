"""
task: no_grad
way: each call of a decorated function has its own frame to keep the old state
"""


class no_grad:
    def __init__(self):
        self.outer = ()

    def __enter__(self):
        self.outer = (GRAD_MODE.enabled, self.outer)
        GRAD_MODE.enabled = False

    def __exit__(self, *error):
        GRAD_MODE.enabled, self.outer = self.outer

    def __call__(self, function):
        def wrapped(*args, **kwargs):
            before = GRAD_MODE.enabled
            GRAD_MODE.enabled = False
            try:
                return function(*args, **kwargs)
            finally:
                GRAD_MODE.enabled = before

        return functools.update_wrapper(wrapped, function)
