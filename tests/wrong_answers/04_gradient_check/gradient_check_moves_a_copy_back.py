"""
task: gradient_check
says: an element is moved and moved back, which rounds
"""


def gradient_check(f, x):
    z = x.detach().double().clone().requires_grad_()
    with torch.enable_grad():
        y = f(z)
        if not y.requires_grad:
            return False
        (g,) = torch.autograd.grad(y, z, allow_unused=True)
    if g is None:
        return False
    p = z.detach().clone(memory_format=torch.contiguous_format)
    measured = torch.empty_like(p)
    for i in range(p.numel()):
        p.view(-1)[i] += 1e-6
        up = f(p).detach().item()
        p.view(-1)[i] -= 2e-6
        down = f(p).detach().item()
        p.view(-1)[i] += 1e-6
        measured.view(-1)[i] = (up - down) / 2e-6
    return bool(((g - measured).abs() <= 1e-6 + 1e-4 * measured.abs()).all())
