"""
Leaves the gradient of the bias out where the weight is frozen.

task: Linear
says: backward, the other gradients where weight is frozen
"""


class Linear(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        ctx.biased = bias is not None
        return x @ weight.T if bias is None else x @ weight.T + bias

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        needs_x, needs_weight, needs_bias = ctx.needs_input_grad
        rows = grad_output.reshape(-1, weight.shape[0])
        grad_x = grad_output @ weight if needs_x else None
        grad_weight = grad_bias = None
        if needs_weight:
            grad_weight = rows.T @ x.reshape(-1, weight.shape[1])
            grad_bias = rows.sum(0) if needs_bias else None
        return grad_x, grad_weight, grad_bias
