"""
task: hessian
way: torch.autograd.functional.hvp for each column
"""


def hessian(f, x):
    columns = []
    for i in range(x.numel()):
        e = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
        e[i] = 1
        columns.append(torch.autograd.functional.hvp(f, x.detach(), e.reshape(x.shape))[1])
    return torch.stack(columns, dim=-1).reshape([*x.shape, *x.shape])
