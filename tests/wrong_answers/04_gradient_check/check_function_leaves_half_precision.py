"""
task: check_function
says: every floating tensor is to be replaced by a float64 copy
"""


def check_function(fn, *inputs, second_order=False):
    copies = [
        x.detach().to(torch.float64, copy=True).requires_grad_()
        if isinstance(x, Tensor) and x.dtype in (torch.float32, torch.float64)
        else x
        for x in inputs
    ]
    on_cuda = [x.device for x in copies if isinstance(x, Tensor) and x.is_cuda]
    with torch.enable_grad(), torch.random.fork_rng(on_cuda):
        return gradcheck(fn, copies, raise_exception=False) and (
            not second_order or gradgradcheck(fn, copies, raise_exception=False)
        )
