"""
task: jacobian_rows
says: each row adds to those before: .backward() adds to .grad
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        rows = []
        for e in y.reshape(-1):
            e.backward(retain_graph=True)
            rows.append(leaf.grad.clone())
    return torch.stack(rows).reshape(y.shape + x.shape)
