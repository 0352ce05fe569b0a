"""
task: Exp
way: x is saved and exp computed again; the vmap rule moves the axis to the front
"""


class Exp(Function):
    @staticmethod
    def forward(x):
        return x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * x.exp()

    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return tangent * x.exp()

    @staticmethod
    def vmap(info, in_dims, x):
        return Exp.apply(x.movedim(in_dims[0], 0)), 0
