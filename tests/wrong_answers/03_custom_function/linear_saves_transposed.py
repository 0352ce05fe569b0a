"""
weightᵀ and flattened x are made in forward and saved: constants to the second derivative.

task: Linear
says: the gradient of the gradient is not what finite differences measure
"""


class Linear(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        wt = weight.t()
        flat = x.reshape(-1, x.shape[-1])
        ctx.save_for_backward(flat, wt)
        y = x @ wt
        return y if bias is None else y + bias

    @staticmethod
    def backward(
        ctx: Any, grad_output: Tensor
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        flat, wt = ctx.saved_tensors
        g = grad_output.reshape(-1, wt.shape[1])
        need_x, need_w, need_b = ctx.needs_input_grad
        return (
            grad_output @ wt.t() if need_x else None,
            g.t() @ flat if need_w else None,
            g.sum(0) if need_b else None,
        )
