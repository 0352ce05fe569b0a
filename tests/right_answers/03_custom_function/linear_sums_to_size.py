"""
task: Linear
way: einsum in forward, sum_to_size for the bias
"""


class Linear(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(x, weight)
        y = torch.einsum("...n,mn->...m", x, weight)
        return y if bias is None else y + bias

    @staticmethod
    def backward(
        ctx: Any, grad_output: Tensor
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        m, n = weight.shape
        rows = grad_output.numel() // m if m else 0
        needs = ctx.needs_input_grad
        return (
            grad_output @ weight if needs[0] else None,
            grad_output.reshape(rows, m).mT @ x.reshape(rows, n) if needs[1] else None,
            grad_output.sum_to_size(m) if needs[2] else None,
        )
