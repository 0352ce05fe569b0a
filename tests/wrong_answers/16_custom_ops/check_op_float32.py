"""
task: check_op
says: an op without fault
"""


def check_op(op, *args):
    utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
    tracked = any(isinstance(arg, Tensor) and arg.requires_grad for arg in args)
    try:
        torch.library.opcheck(op, args, test_utils=utilities)
        copies = [
            arg.detach().clone().requires_grad_(arg.requires_grad)
            if isinstance(arg, Tensor) and arg.is_floating_point()
            else arg
            for arg in args
        ]
        return not tracked or torch.autograd.gradcheck(op, copies)
    except Exception:
        return False
