"""
task: ClipGradient
way: a branch on a Python float, and clones
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, max_norm: float) -> Tensor:
        ctx.bound = float(max_norm)
        return x.clone()

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        norm = torch.linalg.vector_norm(grad_output, dtype=torch.float64).item()
        if norm <= ctx.bound:
            return grad_output.clone(), None
        return grad_output * (ctx.bound / norm), None
