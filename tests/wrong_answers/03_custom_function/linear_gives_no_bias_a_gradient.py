"""
task: Linear
says: the gradient for bias is a tensor of shape (2,)
says: bias is None: return None for it
"""


class Linear(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        return x @ weight.T if bias is None else x @ weight.T + bias

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        rows = grad_output.reshape(-1, weight.shape[0])
        grad_x = grad_output @ weight if ctx.needs_input_grad[0] else None
        grad_weight = None
        if ctx.needs_input_grad[1]:
            grad_weight = rows.T @ x.reshape(-1, weight.shape[1])
        return grad_x, grad_weight, rows.sum(0)
