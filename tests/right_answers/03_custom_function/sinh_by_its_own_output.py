"""
task: Sinh
way: torch.sinh forward would call no exp; here the sinh is saved and cosh is sinh + exp(-x)
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        plus, minus = torch.exp(x), torch.exp(-x)
        sinh = 0.5 * (plus - minus)
        ctx.save_for_backward(sinh, plus, minus)
        return sinh, plus, minus

    @staticmethod
    def backward(ctx, *gradients):
        sinh, plus, minus = ctx.saved_tensors
        slopes = sinh + minus, plus, -minus
        return sum(g * s for g, s in zip(gradients, slopes))
