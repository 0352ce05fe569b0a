"""
task: ClipGradient
says: was recorded by
"""


class ClipGradient(Function):
    @staticmethod
    def apply(x, max_norm):
        y = x.clone()
        if y.requires_grad:
            y.register_hook(lambda g: g * (max_norm / (g.norm() + 1e-6)).clamp(max=1))
        return y
