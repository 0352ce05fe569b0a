"""
task: check_op
says: no argument requires grad
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
    if not tracked:
        return True
    try:
        with torch.enable_grad():
            torch.library.opcheck(op, args, test_utils=utilities)
            return torch.autograd.gradcheck(op, doubles)
    except Exception:
        return False
