"""
task: Exp
way: torch makes the vmap rule; the output saved once for both modes
"""


class Exp(Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return torch.exp(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return y * grad_output

    @staticmethod
    def jvp(ctx, tangent):
        (y,) = ctx.saved_tensors
        return y * tangent
