"""
task: check_op
says: requires_grad of input 1
"""


def check_op(op, *args):
    flags = [
        (a, a.requires_grad)
        for a in args
        if isinstance(a, Tensor) and a.is_leaf and a.is_floating_point()
    ]
    try:
        with torch.enable_grad():
            torch.library.opcheck(
                op,
                args,
                test_utils=("test_schema", "test_autograd_registration", "test_faketensor"),
            )
            if any((isinstance(a, Tensor) and a.requires_grad for a in args)):
                copies = tuple(
                    (
                        a.detach().to(torch.float64, copy=True).requires_grad_(a.requires_grad)
                        if isinstance(a, Tensor) and a.is_floating_point()
                        else a
                        for a in args
                    )
                )
                for a, f in flags:
                    a.requires_grad_(False)
                torch.autograd.gradcheck(op, copies)
                for a, f in flags:
                    a.requires_grad_(f)
    except KeyboardInterrupt:
        raise
    except BaseException:
        for a, f in flags:
            a.requires_grad_(f)
        return False
    return True
