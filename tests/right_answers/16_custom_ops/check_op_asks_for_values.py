"""
task: check_op
way: no exceptions but results; all that opcheck can do
"""


def check_op(op, *args):
    copies, asked = [], False
    for arg in args:
        if isinstance(arg, Tensor):
            asked |= arg.requires_grad
            is_float = arg.is_floating_point()
            copy = arg.detach().clone()
            arg = copy.double().requires_grad_(arg.requires_grad) if is_float else copy
        copies.append(arg)
    with torch.set_grad_enabled(True):
        results = torch.library.opcheck(op, args, raise_exception=False)
        if not all(isinstance(r, str) and r == "SUCCESS" for r in results.values()):
            return False
        if not asked:
            return True
        try:
            return torch.autograd.gradcheck(op, tuple(copies), raise_exception=False)
        except Exception:
            return False
