"""
Takes the first axis as long as the batch for the axis of the batch.

task: Exp
says: vmap returns 0 as the result's axis, where in_dims is another
"""


class Exp(Function):
    @staticmethod
    def forward(x):
        return x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y

    @staticmethod
    def jvp(ctx, x_tangent):
        (y,) = ctx.saved_tensors
        return x_tangent * y

    @staticmethod
    def vmap(info, in_dims, x):
        return Exp.apply(x), list(x.shape).index(info.batch_size)
