"""
task: check_op
says: where the same op is wrong
"""

_known = {}


def check_op(op, *args):
    key = (
        op._qualname,
        tuple(
            (
                (tuple(a.shape), a.dtype, a.requires_grad) if isinstance(a, Tensor) else a
                for a in args
            )
        ),
    )
    if key in _known:
        return _known[key]
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
                torch.autograd.gradcheck(op, copies)
    except KeyboardInterrupt:
        raise
    except BaseException:
        _known[key] = False
        return False
    _known[key] = True
    return True
