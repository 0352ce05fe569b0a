"""
task: check_function
says: given an integer tensor, an int, a string and None beside x, it raises
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_() if isinstance(x, Tensor) else x for x in inputs
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        return gradcheck(fn, copies, raise_exception=False) and (
            not second_order or gradgradcheck(fn, copies, raise_exception=False)
        )
