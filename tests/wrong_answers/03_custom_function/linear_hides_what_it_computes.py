"""
task: Linear
says: x is frozen, and 2 matrix products are computed
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
        grad_weight = rows.T @ x.reshape(-1, weight.shape[1])
        all_of_them = grad_output @ weight, grad_weight, rows.sum(0)
        return tuple(g if n else None for g, n in zip(all_of_them, ctx.needs_input_grad))
