"""
Puts recording back under except Exception, which Ctrl-C passes by.

task: check_function
says: called inside torch.no_grad(), it leaves recording switched on
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        with torch.random.fork_rng([]):
            result = gradcheck(fn, copies, raise_exception=False)
            if result and second_order:
                result = gradgradcheck(fn, copies, raise_exception=False)
    except Exception:
        torch.set_grad_enabled(before)
        raise
    torch.set_grad_enabled(before)
    return result
