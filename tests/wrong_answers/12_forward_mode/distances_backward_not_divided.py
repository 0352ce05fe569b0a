"""
task: Distances
says: the difference is not divided by the distance
"""


class Distances(Function):
    @staticmethod
    def forward(x, y):
        return torch.cdist(x, y)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs, output)
        ctx.save_for_forward(*inputs, output)

    @staticmethod
    def backward(ctx, grad_output):
        x, y, output = ctx.saved_tensors
        grad_x = grad_output.sum(1, keepdim=True) * x - grad_output @ y
        grad_y = grad_output.sum(0)[:, None] * y - grad_output.mT @ x
        return grad_x, grad_y

    @staticmethod
    def jvp(ctx, x_tangent, y_tangent):
        x, y, output = ctx.saved_tensors
        apart, moved = x[:, None] - y, x_tangent[:, None] - y_tangent
        return (apart * moved).sum(-1) / output
