"""
task: hvp
says: f is called
says: the difference of two gradients, at nearby points, only comes near Hv
"""


def hvp(f, x, v):
    def g(t):
        with torch.enable_grad():
            t = t.detach().requires_grad_()
            y = f(t)
            return (
                torch.autograd.grad(y, t, materialize_grads=True)[0]
                if y.requires_grad
                else torch.zeros_like(t)
            )

    h = 4e-3
    d = lambda k: (g(x + k * h * v) - g(x - k * h * v)) / (2 * k * h)
    table = [d(2.0**-j) for j in range(5)]
    for m in range(1, 5):
        table = [(4**m * b - a) / (4**m - 1) for a, b in zip(table, table[1:])]
    return table[0].detach()
