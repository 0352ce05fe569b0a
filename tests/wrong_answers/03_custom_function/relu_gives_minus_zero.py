"""
task: ReLU
says: negative x gives -0.0; torch gives 0.0
"""


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.where(x < 0, x.clamp(min=-1e-300, max=0) * 1e-300, x)
        ctx.save_for_backward(x)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * (x > 0)
