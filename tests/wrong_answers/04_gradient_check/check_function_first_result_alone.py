"""
task: check_function
says: (sin x, x²), where x² has a backward of its own, whose gradient has the wrong sign: yours is True
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    on_cuda = [x.device for x in copies if isinstance(x, Tensor) and x.is_cuda]
    with torch.enable_grad(), torch.random.fork_rng(on_cuda):
        return gradcheck(
            lambda *a: fn(*a)[0] if isinstance(fn(*a), tuple) else fn(*a),
            copies,
            raise_exception=False,
        ) and (not second_order or gradgradcheck(fn, copies, raise_exception=False))
