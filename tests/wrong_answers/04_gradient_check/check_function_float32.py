"""
task: check_function
says: is called wrong for x in float32 and y in bfloat16: gradcheck's steps are too small
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    with torch.enable_grad(), torch.random.fork_rng():
        return gradcheck(fn, copies, raise_exception=False) and (
            not second_order or gradgradcheck(fn, copies, raise_exception=False)
        )
