"""
task: Linear
way: no matrix product at all: broadcast products and sums, in both directions.
"""


class Linear(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(x, weight)
        y = (x.unsqueeze(-2) * weight).sum(-1)
        if bias is not None:
            y += bias
        return y

    @staticmethod
    def backward(
        ctx: Any, grad_output: Tensor
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        column = grad_output.unsqueeze(-1)
        gx = gw = gb = None
        if ctx.needs_input_grad[0]:
            gx = (column * weight).sum(-2)
        if ctx.needs_input_grad[1]:
            gw = (column * x.unsqueeze(-2)).sum_to_size(weight.shape)
        if ctx.needs_input_grad[2]:
            gb = grad_output
            while gb.dim() > 1:
                gb = gb.sum(0)
        return gx, gw, gb
