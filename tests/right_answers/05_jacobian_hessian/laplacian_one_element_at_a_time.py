"""
task: laplacian
way: twice the derivative by one element, the others held fixed
"""


def laplacian(f, x):
    flat = x.detach().reshape(-1)
    total = x.new_zeros(())
    for i in range(flat.numel()):
        with torch.enable_grad():
            s = torch.zeros((), dtype=x.dtype, device=x.device, requires_grad=True)
            mask = torch.zeros_like(flat)
            mask[i] = 1
            y = f((flat + s * mask).reshape(x.shape)) + 0 * s**2
            (a,) = torch.autograd.grad(y, s, create_graph=True)
            (b,) = torch.autograd.grad(a, s)
        total = total + b
    return total.detach()
