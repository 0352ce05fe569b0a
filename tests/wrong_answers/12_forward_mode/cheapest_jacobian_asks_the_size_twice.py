"""
task: cheapest_jacobian
says: and one to know the size of f(x)
"""


def cheapest_jacobian(f, x):
    z = x.detach()
    if z.numel() < f(z).numel():
        return (
            torch.stack(
                [jvp(f, z, e.view(z.shape))[1] for e in torch.eye(z.numel(), dtype=z.dtype)], -1
            )
            .reshape(f(z).shape + z.shape)
            .detach()
        )
    return torch.autograd.functional.jacobian(f, z)
