"""
task: no_grad
says: a decorated method got [1
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
        outer = self

        class Decorated:
            def __call__(self, *args, **kwargs):
                with outer:
                    return function(*args, **kwargs)

        decorated = Decorated()
        functools.update_wrapper(decorated, function)
        return decorated
