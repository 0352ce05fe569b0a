"""
task: Sinh
way: materializing is switched off: backward adds only the terms that came, out of a table of slopes made by need.
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        ctx.set_materialize_grads(False)
        grown, shrunk = (torch.exp(t) for t in (x, x.neg()))
        ctx.save_for_backward(grown, shrunk)
        return torch.add(grown / 2, shrunk, alpha=-0.5), grown, shrunk

    @staticmethod
    def backward(ctx: Any, *grads: Tensor | None) -> Tensor | None:
        grown, shrunk = ctx.saved_tensors
        slopes = (lambda: grown / 2 + shrunk / 2, lambda: grown, lambda: -shrunk)
        terms = [g * slope() for g, slope in zip(grads, slopes) if g is not None]
        total = None
        for term in terms:
            total = term if total is None else total + term
        return total
