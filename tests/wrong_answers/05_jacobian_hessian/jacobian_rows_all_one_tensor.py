"""
task: jacobian_rows
says: every row is one and the same tensor, .grad, which the last pass has filled
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        rows = []
        for e in y.reshape(-1):
            if leaf.grad is not None:
                leaf.grad.zero_()
            e.backward(retain_graph=True)
            rows.append(leaf.grad)
    return torch.stack(rows).reshape(y.shape + x.shape)
