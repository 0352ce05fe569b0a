"""
task: check_op
says: x is expanded
"""

_UTILS = ("test_schema", "test_autograd_registration", "test_faketensor")


def check_op(op: CustomOpDef, *args: Any) -> bool:
    with torch.random.fork_rng(), torch.enable_grad():
        try:
            torch.library.opcheck(op, args, test_utils=_UTILS)
            if not any(isinstance(a, Tensor) and a.requires_grad for a in args):
                return True
            doubles = [
                a.detach().double().requires_grad_(a.requires_grad)
                if isinstance(a, Tensor) and a.is_floating_point()
                else a
                for a in args
            ]
            return torch.autograd.gradcheck(op, doubles)
        except Exception:
            return False
