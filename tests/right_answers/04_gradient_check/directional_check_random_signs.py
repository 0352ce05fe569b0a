"""
task: directional_check
way: a direction of random signs, each element as long as the others
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype is not torch.float64:
        raise TypeError("directional_check wants float64")
    signs = torch.randint(0, 2, x.shape, generator=generator, device=x.device)
    v = (2.0 * signs.double() - 1.0) / math.sqrt(x.numel())
    base = x.detach()
    eps = 1e-5
    values = [f(base + side * eps * v).item() for side in (1, -1)]
    d = (values[0] - values[1]) / (2 * eps)
    leaf = base.clone().requires_grad_()
    with torch.enable_grad():
        f(leaf).backward(inputs=[leaf])
    g = leaf.grad.detach()
    if bool((~torch.isfinite(g)).any()):
        return False
    along = float(torch.tensordot(g, v, dims=g.dim()))
    return abs(along - d) <= rtol * max(1.0, float(torch.linalg.vector_norm(g)))
