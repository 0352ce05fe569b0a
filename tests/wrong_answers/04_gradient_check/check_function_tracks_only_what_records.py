"""
task: check_function
says: a wrong gradient for y is not seen
"""


def check_function(fn, *inputs, second_order=False):
    tracked = any(isinstance(x, Tensor) and x.requires_grad for x in inputs)
    copies = [
        x.detach().double().clone().requires_grad_(x.requires_grad or not tracked)
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        return gradcheck(fn, copies, raise_exception=False) and (
            not second_order or gradgradcheck(fn, copies, raise_exception=False)
        )
