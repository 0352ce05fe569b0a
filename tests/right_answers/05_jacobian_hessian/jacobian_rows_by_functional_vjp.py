"""
task: jacobian_rows
way: a vector-Jacobian product for each row of the identity, f called anew for each
"""


def jacobian_rows(f, x):
    with torch.no_grad():
        y = f(x.detach())
    rows = []
    for i in range(y.numel()):
        e = torch.zeros_like(y).flatten()
        e[i] = 1.0
        rows.append(torch.autograd.functional.vjp(f, x, e.reshape(y.shape))[1])
    return torch.stack(rows).unflatten(0, y.shape) if y.dim() else rows[0]
