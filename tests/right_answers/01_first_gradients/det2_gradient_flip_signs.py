"""
task: det2_gradient
way: turns the matrix half round with flip and lays a chequerboard of signs over it.
"""


def det2_gradient(a: Tensor) -> Tensor:
    signs = 1 - 2 * (
        torch.arange(2, device=a.device).reshape(2, 1) ^ torch.arange(2, device=a.device)
    )
    return a.detach().flip((-2, -1)) * signs.to(a.dtype)
