"""
task: Linear
says: a sum over no axes, sum(()), does too
"""


class Linear(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        y = x @ weight.T
        return y if bias is None else y + bias

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        grad_x = grad_w = grad_b = None
        if ctx.needs_input_grad[0]:
            grad_x = grad_output @ weight
        if ctx.needs_input_grad[1]:
            rows = grad_output.reshape(-1, weight.shape[0])
            grad_w = rows.T @ x.reshape(-1, weight.shape[1])
        if ctx.needs_input_grad[2]:
            grad_b = grad_output.sum(tuple(range(grad_output.dim() - 1)))
        return grad_x, grad_w, grad_b
