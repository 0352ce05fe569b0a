"""
task: Distances
says: reverse over reverse
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
        x, y, output = (saved.detach() for saved in ctx.saved_tensors)
        pull = grad_output / output
        grad_x = pull.sum(1, keepdim=True) * x - pull @ y
        grad_y = pull.sum(0)[:, None] * y - pull.mT @ x
        return grad_x, grad_y

    @staticmethod
    def jvp(ctx, x_tangent, y_tangent):
        x, y, output = ctx.saved_tensors
        apart, moved = x[:, None] - y, x_tangent[:, None] - y_tangent
        return (apart * moved).sum(-1) / output
