"""
task: newton_step
says: view size is not compatible
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    with torch.enable_grad():
        leaf = at.clone().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            raise torch.linalg.LinAlgError("f ignores x")
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        elements = g.view(-1).unbind()
    if not g.requires_grad:
        raise torch.linalg.LinAlgError("f is linear")
    rows = [
        torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[0].reshape(-1)
        for e in elements
    ]
    return at - torch.linalg.solve(torch.stack(rows), g.detach().reshape(n)).reshape(x.shape)
