"""
task: Exp
says: ctx.y holds an output, which holds ctx
"""


class Exp(Function):
    @staticmethod
    def forward(x):
        return x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)
        ctx.y = output

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y

    @staticmethod
    def jvp(ctx, x_tangent):
        return x_tangent * ctx.y

    @staticmethod
    def vmap(info, in_dims, x):
        return Exp.apply(x), in_dims[0]
