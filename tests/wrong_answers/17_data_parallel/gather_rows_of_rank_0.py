"""
task: GatherWithGradient
says: every rank takes the rows of rank 0
"""


class GatherWithGradient(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.length = len(x)
        parts = [
            torch.empty(x.shape, dtype=x.dtype, device=x.device)
            for _ in range(dist.get_world_size())
        ]
        dist.all_gather(parts, x.contiguous())
        return torch.cat(parts)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        total = grad_output.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        return total[: ctx.length]
