"""
task: check_op
way: gradcheck of what is asked for alone, the gradient first
"""


def check_op(op, *args):
    def gradient_is_right():
        at = [i for i, arg in enumerate(args) if torch.is_tensor(arg) and arg.requires_grad]

        def of_these(*tracked):
            given = [
                a.detach().double() if torch.is_tensor(a) and a.is_floating_point() else a
                for a in args
            ]
            for i, t in zip(at, tracked, strict=True):
                given[i] = t
            return op(*given)

        leaves = [args[i].detach().double().clone().requires_grad_() for i in at]
        return not at or torch.autograd.gradcheck(of_these, leaves)

    def op_is_right():
        for utility in ("test_faketensor", "test_autograd_registration", "test_schema"):
            torch.library.opcheck(op, args, test_utils=utility)
        return True

    try:
        with torch.enable_grad():
            return gradient_is_right() and op_is_right()
    except Exception:
        return False
