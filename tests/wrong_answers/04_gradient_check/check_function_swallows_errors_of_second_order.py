"""
task: check_function
says: ErrorOfF is due when the backward of fn's gradient raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised: let it through
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        if not gradcheck(fn, copies, raise_exception=False):
            return False
        try:
            return not second_order or gradgradcheck(fn, copies, raise_exception=False)
        except RuntimeError:  # of a backward that is once_differentiable
            return False
