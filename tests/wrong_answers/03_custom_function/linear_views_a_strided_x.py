"""
task: Linear
says: with an x and an incoming gradient that are not contiguous, it raises
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
        nx, nw, nb = ctx.needs_input_grad
        rows = grad_output.reshape(-1, weight.shape[0])
        return (
            grad_output @ weight if nx else None,
            rows.T @ x.view(-1, weight.shape[1]) if nw else None,
            rows.sum(0) if nb else None,
        )
