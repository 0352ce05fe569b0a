"""
task: check_function
way: shows gradcheck a function of the floating tensors, and lets it raise
"""

from torch.autograd.gradcheck import GradcheckError


def check_function(fn, *inputs, second_order=False):
    leaves = {
        place: value.detach().to(torch.float64, copy=True).contiguous().requires_grad_()
        for place, value in enumerate(inputs)
        if isinstance(value, Tensor) and value.is_floating_point()
    }

    def of_leaves(*tensors):
        moving = dict(zip(leaves, tensors, strict=True))
        return fn(*(moving.get(place, value) for place, value in enumerate(inputs)))

    checks = [gradcheck, gradgradcheck] if second_order else [gradcheck]
    with torch.random.fork_rng(), torch.enable_grad():
        for check in checks:
            try:
                check(of_leaves, tuple(leaves.values()))
            except GradcheckError:
                return False
            except RuntimeError as error:
                if check is gradgradcheck and "once_differentiable" in str(error):
                    return False
                raise
    return True
