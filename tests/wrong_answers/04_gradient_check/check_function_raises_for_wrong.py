"""
task: check_function
says: the gradient of the second has the wrong sign, it raises GradcheckError
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        return gradcheck(fn, copies) and (not second_order or gradgradcheck(fn, copies))
