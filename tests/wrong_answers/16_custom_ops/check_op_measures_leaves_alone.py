"""
task: check_op
says: and none is a leaf
"""

_UTILS = ("test_schema", "test_autograd_registration", "test_faketensor")


def check_op(op: CustomOpDef, *args: Any) -> bool:
    with torch.random.fork_rng(), torch.enable_grad():
        try:
            safe = [
                a.detach().clone().requires_grad_(a.requires_grad) if isinstance(a, Tensor) else a
                for a in args
            ]
            torch.library.opcheck(op, tuple(safe), test_utils=_UTILS)
            if not any(isinstance(a, Tensor) and a.requires_grad and a.is_leaf for a in args):
                return True
            doubles = tuple(
                a.detach().clone().double().requires_grad_(a.requires_grad)
                if isinstance(a, Tensor) and a.is_floating_point()
                else a
                for a in safe
            )
            return bool(torch.autograd.gradcheck(op, doubles))
        except Exception:
            return False
