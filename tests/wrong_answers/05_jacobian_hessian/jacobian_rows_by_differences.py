"""
task: jacobian_rows
says: The two agree to the precision of float32
"""


def jacobian_rows(f, x):
    x = x.detach()
    with torch.no_grad():
        y = f(x)
        columns = []
        for i in range(x.numel()):
            step = torch.zeros(x.numel(), dtype=x.dtype)
            step[i] = 1e-6
            step = step.reshape(x.shape)
            columns.append((f(x + step) - f(x - step)) / 2e-6)
    return torch.stack(columns, -1).reshape(y.shape + x.shape)
