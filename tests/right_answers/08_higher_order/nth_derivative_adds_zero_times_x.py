"""
task: nth_derivative
way: keeps x in every graph by adding 0·x
"""


def nth_derivative(f, x, n):
    with torch.enable_grad():
        x = x.clone().detach().requires_grad_(True)
        y = f(x) + 0 * x
        for _ in range(n):
            y = torch.autograd.grad(y, x, torch.ones_like(y), create_graph=True)[0] + 0 * x
    return y.detach()
