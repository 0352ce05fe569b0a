"""
task: newton_step
way: one flat leaf, both derivatives by torch.autograd.grad, tensorsolve
"""


def newton_step(f, x):
    flat = x.detach().reshape(-1).clone().requires_grad_()
    with torch.enable_grad():
        y = f(flat.reshape(x.shape)) + 0 * flat.square().sum()
        (g,) = torch.autograd.grad(y, flat, create_graph=True)
        H = torch.stack([torch.autograd.grad(e, flat, retain_graph=True)[0] for e in g])
    return (flat - torch.linalg.tensorsolve(H, g)).reshape(x.shape).detach()
