"""Leaves the fake kernel out where no tensor requires grad.

task: check_op
says: an op where there is no fake kernel, and no argument requires grad: yours is True, False is due
"""


def check_op(op: CustomOpDef, *args: Any) -> bool:
    utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
    doubles = [
        arg.detach().to(torch.float64, copy=True).requires_grad_(arg.requires_grad)
        if isinstance(arg, Tensor) and arg.is_floating_point()
        else arg
        for arg in args
    ]
    tracked = any(isinstance(arg, Tensor) and arg.requires_grad for arg in doubles)
    try:
        with torch.enable_grad():
            torch.library.opcheck(op, args, test_utils=utilities if tracked else "test_schema")
            return not tracked or torch.autograd.gradcheck(op, doubles)
    except Exception:
        return False
