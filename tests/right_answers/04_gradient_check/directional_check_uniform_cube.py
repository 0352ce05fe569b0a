"""
task: directional_check
way: a direction from uniform numbers, the step suited to x, backward by .backward
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype is not torch.float64:
        raise TypeError("float64 is due")
    data = x.detach()
    v = 2 * torch.rand(data.shape, generator=generator, dtype=data.dtype, device=x.device) - 1
    v = v / torch.linalg.vector_norm(v)
    leaf = data.clone().requires_grad_()
    with torch.enable_grad():
        f(leaf).backward(inputs=[leaf])
    g = leaf.grad
    h = 5e-6 * max(1.0, data.abs().max().item())
    with torch.no_grad():
        d = (f(data + h * v) - f(data - h * v)) / (2 * h)
    if not torch.isfinite(g).all():
        return False
    along = torch.tensordot(g, v, dims=g.ndim)
    return bool((along - d).abs() <= rtol * torch.clamp(g.norm(), min=1))
