"""
task: numerical_vjp
way: measures J column by column, then multiplies
"""


def numerical_vjp(f, x, v, eps):
    with torch.no_grad():
        columns = []
        for i in range(x.numel()):
            step = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
            step[i] = eps
            step = step.reshape(x.shape)
            columns.append((f(x + step) - f(x - step)).reshape(-1) / (2 * eps))
        return (v.reshape(-1) @ torch.stack(columns, 1)).reshape(x.shape)
