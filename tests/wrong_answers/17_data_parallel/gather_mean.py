"""
task: GatherWithGradient
says: the mean over the ranks is taken, the sum is due
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
        total = grad_output.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total, op=dist.ReduceOp.AVG)
        return total.chunk(dist.get_world_size())[dist.get_rank()]
