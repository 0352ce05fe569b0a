"""
task: Linear
way: the bias gets its sum from a product with ones
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
        rows = grad_output.reshape(-1, weight.shape[0])
        return (
            grad_output @ weight if needs_x else None,
            rows.T @ x.reshape(-1, weight.shape[1]) if needs_weight else None,
            rows.new_ones(len(rows)) @ rows if needs_bias else None,
        )
