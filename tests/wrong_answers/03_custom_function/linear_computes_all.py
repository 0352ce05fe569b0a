"""
task: Linear
says: x is frozen, and yet a gradient for x is returned
says: ctx.needs_input_grad
"""


class Linear(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        ctx.biased = bias is not None
        return x @ weight.T + (bias if ctx.biased else 0)

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        rows = grad_output.reshape(-1, weight.shape[0])
        grad_weight = rows.T @ x.reshape(-1, weight.shape[1])
        return grad_output @ weight, grad_weight, rows.sum(0) if ctx.biased else None
