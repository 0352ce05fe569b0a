"""
task: check_op
says: the gradient for x is 0 where x is negative
"""


def check_op(op, *args):

    def copy(a):
        if not isinstance(a, Tensor):
            return a
        if not a.is_floating_point():
            return a.detach().clone()
        return a.detach().to(torch.float64, copy=True).requires_grad_(a.requires_grad)

    def run():
        with torch.enable_grad():
            torch.library.opcheck(
                op,
                args,
                test_utils=("test_schema", "test_autograd_registration", "test_faketensor"),
            )
            if any((isinstance(a, Tensor) and a.requires_grad for a in args)):
                copies = [copy(a) for a in args]
                first = True
                for i, t in reversed(list(enumerate(copies))):
                    if isinstance(t, Tensor) and t.requires_grad:
                        if not first:
                            copies[i] = t.detach()
                        first = False
                torch.autograd.gradcheck(op, tuple(copies))

    try:
        run()
    except KeyboardInterrupt:
        raise
    except BaseException:
        return False
    return True
