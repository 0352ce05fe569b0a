"""
task: jacobian_rows
says: f uses a leaf, weight, and weight.grad is written
"""


def jacobian_rows(f, x):
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        y = f(leaf)
        rows = []
        for e in y.reshape(-1):
            leaf.grad = None
            if e.requires_grad:
                e.backward(retain_graph=True)
            rows.append(torch.zeros_like(x) if leaf.grad is None else leaf.grad)
    return torch.stack(rows).reshape(y.shape + x.shape).detach()
