"""
task: jacobian_rows
way: takes f(x) apart by recursion, and stacks the gradients on the way back
"""


def jacobian_rows(f, x):
    def rows(part):
        if part.dim() > 0:
            return torch.stack([rows(smaller) for smaller in part.unbind()])
        if not part.requires_grad:
            return x.new_zeros(x.shape)
        (row,) = torch.autograd.grad(part, leaf, retain_graph=True, allow_unused=True)
        return x.new_zeros(x.shape) if row is None else row.detach()

    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        return rows(f(leaf))
