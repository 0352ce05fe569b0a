"""
task: Distances
says: changed in place after forward
"""


class Distances(Function):
    @staticmethod
    def forward(x, y):
        return torch.cdist(x, y)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.x, ctx.y = inputs

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.x, ctx.y
        pull = grad_output / (x[:, None] - y).square().sum(-1).sqrt()
        grad_x = pull.sum(1, keepdim=True) * x - pull @ y
        grad_y = pull.sum(0)[:, None] * y - pull.mT @ x
        return grad_x, grad_y

    @staticmethod
    def jvp(ctx, x_tangent, y_tangent):
        x, y = ctx.x, ctx.y
        apart, moved = x[:, None] - y, x_tangent[:, None] - y_tangent
        return (apart * moved).sum(-1) / apart.square().sum(-1).sqrt()
