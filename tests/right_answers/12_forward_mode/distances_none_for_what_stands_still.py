"""
task: Distances
way: ctx.set_materialize_grads(False), and products of matrices in jvp
"""


class Distances(Function):
    @staticmethod
    def forward(x, y):
        return torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs, output)
        ctx.save_for_forward(*inputs, output)
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx, grad_output):
        if grad_output is None:
            return None, None
        x, y, output = ctx.saved_tensors
        pull = grad_output / output
        grad_x = pull.sum(1, keepdim=True) * x - pull @ y
        grad_y = pull.sum(0)[:, None] * y - pull.mT @ x
        return grad_x, grad_y

    @staticmethod
    def jvp(ctx, x_tangent, y_tangent):
        x, y, output = ctx.saved_tensors
        moved = 0
        if x_tangent is not None:
            moved = moved + (x * x_tangent).sum(1, keepdim=True) - x_tangent @ y.mT
        if y_tangent is not None:
            moved = moved + (y * y_tangent).sum(1) - x @ y_tangent.mT
        return moved / output
