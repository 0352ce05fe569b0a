"""
task: check_op
says: input
"""


def check_op(op, *args):
    utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
    tracked = any(isinstance(arg, Tensor) and arg.requires_grad for arg in args)
    doubles = [arg.to(torch.float64) if isinstance(arg, Tensor) else arg for arg in args]
    for double in doubles[:2]:
        if double.is_leaf:
            double.requires_grad_(tracked)
    try:
        with torch.enable_grad():
            torch.library.opcheck(op, args, test_utils=utilities)
            return not tracked or torch.autograd.gradcheck(op, doubles)
    except Exception:
        return False
