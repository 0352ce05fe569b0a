"""
task: hypergradient
says: the value of input 1
"""


def hypergradient(f, val, w0, lr, steps):
    old = w0.detach().clone()
    eta = lr.detach().clone()
    moves = torch.zeros_like(old)
    for _ in range(steps):
        z = w0.detach().clone().requires_grad_()
        (g,) = torch.autograd.grad(f(z), z, create_graph=True)
        bend = (
            torch.autograd.grad(g, z, moves, materialize_grads=True)[0].detach()
            if g.requires_grad
            else 0
        )
        moves = moves - g.detach() - eta * bend
        w0.data.sub_(eta * g.detach())
    z = w0.detach().clone().requires_grad_()
    q = torch.autograd.grad(val(z), z)[0].detach()
    w0.data.copy_(old)
    return (q * moves).sum()
