"""
task: GatherWithGradient
says: x, or what came in, is written to
"""


class GatherWithGradient(Function):
    @staticmethod
    def forward(ctx, x):
        parts = [
            torch.empty(x.shape, dtype=x.dtype, device=x.device)
            for _ in range(dist.get_world_size())
        ]
        dist.all_gather(parts, x.contiguous())
        return torch.cat(parts)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        grad_output = grad_output.contiguous()
        dist.all_reduce(grad_output)
        return grad_output.chunk(dist.get_world_size())[dist.get_rank()]
