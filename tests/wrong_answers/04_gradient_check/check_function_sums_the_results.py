"""
task: check_function
says: a backward that takes the mean of grad_output is not seen
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]

    def total(*args):
        results = fn(*args)
        return sum(y.sum() for y in (results if isinstance(results, tuple) else (results,)))

    with torch.enable_grad(), torch.random.fork_rng():
        return gradcheck(total, copies, raise_exception=False) and (
            not second_order or gradgradcheck(total, copies, raise_exception=False)
        )
