"""
task: check_op
says: no formula, and no argument requires grad: yours is False, True is due
"""


def check_op(op, *args):
    utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
    doubles = [
        arg.detach().to(torch.float64, copy=True).requires_grad_()
        if isinstance(arg, Tensor) and arg.is_floating_point()
        else arg
        for arg in args
    ]
    try:
        with torch.enable_grad():
            torch.library.opcheck(op, args, test_utils=utilities)
            return any(t.requires_grad for t in args[:2]) and torch.autograd.gradcheck(op, doubles)
    except Exception:
        return False
