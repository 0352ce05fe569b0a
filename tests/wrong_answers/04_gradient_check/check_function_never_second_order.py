"""
task: check_function
says: with second_order: yours is True
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        return gradcheck(fn, copies, raise_exception=False)
