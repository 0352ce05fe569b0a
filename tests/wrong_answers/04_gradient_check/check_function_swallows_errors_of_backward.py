"""
task: check_function
says: ErrorOfF is due when the backward of fn raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        fn(*copies)
        try:
            return gradcheck(fn, copies) and (not second_order or gradgradcheck(fn, copies))
        except RuntimeError:
            return False
