"""
task: Sinh
way: one exponential of a stack; no gradients of zeros
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        ctx.set_materialize_grads(False)
        up, down = torch.stack([x, -x]).exp().unbind()
        up, down = up.clone(), down.clone()
        ctx.save_for_backward(up, down)
        return torch.sinh(x), up, down

    @staticmethod
    def backward(
        ctx: Any, grad_sinh: Tensor | None, grad_exp: Tensor | None, grad_exp_neg: Tensor | None
    ) -> Tensor | None:
        up, down = ctx.saved_tensors
        parts = []
        if grad_sinh is not None:
            parts.append(torch.add(up, down).mul(0.5).mul(grad_sinh))
        if grad_exp is not None:
            parts.append(up * grad_exp)
        if grad_exp_neg is not None:
            parts.append(torch.neg(down * grad_exp_neg))
        return sum(parts[1:], start=parts[0]) if parts else None
