"""
task: gauss_newton_product
says: view size is not compatible
"""


def gauss_newton_product(f, x, v):
    y, pullback = torch.func.vjp(lambda t: f(t.view(x.shape)).view(-1), x.detach().reshape(-1))
    pushed = torch.func.jvp(lambda t: f(t.view(x.shape)).view(-1), (x.reshape(-1),), (v.view(-1),))
    return pullback(pushed[1])[0].detach().view(x.shape)
