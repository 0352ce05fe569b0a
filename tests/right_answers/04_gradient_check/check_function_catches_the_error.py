"""
task: check_function
way: gradcheck raises, and its own error is caught
"""

from torch.autograd.gradcheck import GradcheckError


@torch.enable_grad()
def check_function(fn, *inputs, second_order=False):
    def prepared(x):
        if not (torch.is_tensor(x) and torch.is_floating_point(x)):
            return x
        return (
            torch.empty(x.shape, dtype=torch.float64, device=x.device)
            .copy_(x.detach())
            .requires_grad_(True)
        )

    ready = tuple(map(prepared, inputs))
    state = torch.get_rng_state()
    try:
        gradcheck(fn, ready)
        if second_order:
            gradgradcheck(fn, ready)
    except GradcheckError:
        return False
    finally:
        torch.set_rng_state(state)
    return True
