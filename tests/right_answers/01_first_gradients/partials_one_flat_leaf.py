"""
task: partials
way: packs both arguments into one flat float64 leaf, splits it for f, and cuts the one gradient in two.
"""


def partials(f: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    sizes = [x.numel(), y.numel()]

    def cut(flat: Tensor) -> tuple[Tensor, Tensor]:
        left, right = flat.split(sizes)
        return (
            left.reshape(x.shape).to(device=x.device, dtype=x.dtype),
            right.reshape(y.shape).to(device=y.device, dtype=y.dtype),
        )

    with torch.enable_grad():
        packed = torch.cat([t.detach().reshape(-1).to("cpu", torch.float64) for t in (x, y)])
        packed.requires_grad_()
        out = f(*cut(packed))
    return cut(torch.autograd.grad(out, packed)[0])
