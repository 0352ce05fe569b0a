"""
task: check_function
says: a gradient that is 7 times too large passes with second_order
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    check = gradgradcheck if second_order else gradcheck
    with torch.enable_grad(), torch.random.fork_rng():
        return check(fn, copies, raise_exception=False)
