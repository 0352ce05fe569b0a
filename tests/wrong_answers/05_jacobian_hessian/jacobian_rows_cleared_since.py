"""
task: jacobian_rows
says: every row is one and the same tensor, .grad, which has been cleared since
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        rows = []
        for e in y.reshape(-1):
            e.backward(retain_graph=True)
            rows.append(leaf.grad)
            leaf.grad.zero_()
    return torch.stack(rows).reshape(y.shape + x.shape)
