"""
task: reverse_gradient
says: rounded to float32
"""


class _RevT(Function):
    @staticmethod
    def forward(ctx, x, s):
        ctx.save_for_backward(s)
        return x.view_as(x)

    @staticmethod
    def backward(ctx, g):
        return -g * ctx.saved_tensors[0], None


def reverse_gradient(x, strength):
    return _RevT.apply(x, torch.tensor(float(strength), dtype=torch.float32))
