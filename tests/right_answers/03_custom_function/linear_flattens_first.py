"""
task: Linear
way: outer product for one row, flattened rows otherwise
"""


class Linear(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight, bias)
        y = x.matmul(weight.t())
        if bias is not None:
            y = y + bias.expand_as(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        x, weight, bias = ctx.saved_tensors
        needs = ctx.needs_input_grad
        grad_x = grad_output.matmul(weight) if needs[0] else None
        grad_weight = None
        if needs[1]:
            if x.dim() == 1:
                grad_weight = torch.outer(grad_output, x)
            else:
                grad_weight = grad_output.flatten(0, -2).t().mm(x.flatten(0, -2))
        grad_bias = None
        if bias is not None and needs[2]:
            grad_bias = (
                grad_output.flatten(0, -2).sum(0) if grad_output.dim() > 1 else grad_output.clone()
            )
        return grad_x, grad_weight, grad_bias
