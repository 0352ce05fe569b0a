"""
task: cheapest_jacobian
way: a loop of passes: forward by dual levels, or reverse by rows
"""


def cheapest_jacobian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        flat = y.reshape(-1).unbind()
    shape = y.shape + x.shape
    if x.numel() >= y.numel():
        if not y.requires_grad:
            return x.new_zeros(shape)
        rows = [
            torch.autograd.grad(one, leaf, retain_graph=True, allow_unused=True)[0] for one in flat
        ]
        rows = [torch.zeros_like(x) if row is None else row for row in rows]
        return torch.stack(rows).reshape(shape).detach()
    columns = []
    for v in torch.eye(x.numel(), dtype=x.dtype, device=x.device):
        _, column = torch.func.jvp(f, (x.detach(),), (v.reshape(x.shape),))
        columns.append(column.detach())
    return torch.stack(columns, -1).reshape(shape)
