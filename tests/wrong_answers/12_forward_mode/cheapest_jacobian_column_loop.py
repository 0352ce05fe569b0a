"""
task: cheapest_jacobian
says: 2 at most are enough
"""


def cheapest_jacobian(f, x):
    x = x.detach()
    value = f(x)
    if x.numel() >= value.numel():
        return torch.autograd.functional.jacobian(f, x).detach()
    columns = []
    for v in torch.eye(x.numel(), dtype=x.dtype, device=x.device):
        columns.append(torch.func.jvp(f, (x,), (v.view(x.shape),))[1].detach())
    return torch.stack(columns, -1).reshape(value.shape + x.shape)
