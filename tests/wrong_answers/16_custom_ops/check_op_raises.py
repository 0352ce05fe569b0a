"""
task: check_op
says: it raises GradcheckError
"""


def check_op(op, *args):
    utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
    doubles = [
        arg.detach().to(torch.float64, copy=True).requires_grad_(arg.requires_grad)
        if isinstance(arg, Tensor) and arg.is_floating_point()
        else arg
        for arg in args
    ]
    tracked = any(isinstance(arg, Tensor) and arg.requires_grad for arg in doubles)
    torch.library.opcheck(op, args, test_utils=utilities)
    return not tracked or torch.autograd.gradcheck(op, doubles)
