"""
task: check_function
says: given an integer tensor, an int, a string and None beside x, it raises TypeError
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        for x in inputs
        if isinstance(x, Tensor) and x.is_floating_point()
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        return gradcheck(fn, copies, raise_exception=False) and (
            not second_order or gradgradcheck(fn, copies, raise_exception=False)
        )
