"""
task: newton_step
says: torch.linalg.LinAlgError is due when f is linear, so that H is 0; RuntimeError was raised
"""


def newton_step(f, x):
    n = x.numel()
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0].flatten() for e in g.reshape(-1)]
    return x.detach() - torch.linalg.solve(torch.stack(rows), g.detach().flatten()).reshape(x.shape)
