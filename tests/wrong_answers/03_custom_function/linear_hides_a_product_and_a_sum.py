"""
Computes the gradient of the weight by mul and sum, also where nobody asks.

task: Linear
says: weight is frozen, and 2 matrix products are computed
"""


class Linear(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        return torch.nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        needs_x, needs_weight, needs_bias = ctx.needs_input_grad
        grad_weight = (grad_output.unsqueeze(-1) * x.unsqueeze(-2)).sum_to_size(weight.shape)
        return (
            grad_output @ weight if needs_x else None,
            grad_weight if needs_weight else None,
            grad_output.sum_to_size(weight.shape[0]) if needs_bias else None,
        )
