"""
task: check_function
says: torch's global random state has moved
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    torch.manual_seed(0)
    with torch.enable_grad():
        return gradcheck(fn, copies, raise_exception=False) and (
            not second_order or gradgradcheck(fn, copies, raise_exception=False)
        )
