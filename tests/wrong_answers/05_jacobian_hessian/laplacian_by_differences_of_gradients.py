"""
task: laplacian
says: the trace of H of Σ sin 300x
"""


def laplacian(f, x):
    at = x.detach()
    h = 1e-6 if x.dtype == torch.float64 else 1e-2

    def g(t):
        with torch.enable_grad():
            t = t.requires_grad_()
            y = f(t)
            return (
                torch.autograd.grad(y, t, materialize_grads=True)[0]
                if y.requires_grad
                else torch.zeros_like(t)
            )

    total = torch.zeros((), dtype=x.dtype)
    h = 4e-3
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = 1
        step = step.reshape(x.shape)
        d = lambda k: (g(at + k * h * step) - g(at - k * h * step)).flatten()[i] / (2 * k * h)
        table = [d(2.0**-j) for j in range(4)]
        for m in range(1, 4):
            table = [(4**m * b - a) / (4**m - 1) for a, b in zip(table, table[1:])]
        total = total + table[0].detach()
    return total
