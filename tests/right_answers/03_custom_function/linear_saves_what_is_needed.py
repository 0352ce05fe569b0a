"""
task: Linear
way: saves only what a gradient will need; tensordot
"""


class Linear(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        need_x, need_weight, _ = ctx.needs_input_grad
        ctx.save_for_backward(x if need_weight else None, weight if need_x else None)
        return torch.nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(
        ctx: Any, grad_output: Tensor
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        leading = list(range(grad_output.dim() - 1))
        for_x = for_weight = for_bias = None
        if ctx.needs_input_grad[0]:
            for_x = torch.tensordot(grad_output, weight, dims=1)
        if ctx.needs_input_grad[1]:
            for_weight = torch.tensordot(grad_output, x, dims=(leading, leading))
        if ctx.needs_input_grad[2]:
            for_bias = grad_output.sum(leading) if leading else grad_output.clone()
        return for_x, for_weight, for_bias
