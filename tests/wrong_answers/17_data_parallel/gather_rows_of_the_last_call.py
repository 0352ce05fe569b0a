"""
task: GatherWithGradient
says: got [1, 3] but expected shape compatible with [2, 3]
"""


class GatherWithGradient(Function):
    lengths = {}

    @staticmethod
    def forward(ctx, x):
        GatherWithGradient.lengths[dist.get_rank()] = len(x)
        parts = [
            torch.empty(x.shape, dtype=x.dtype, device=x.device)
            for _ in range(dist.get_world_size())
        ]
        dist.all_gather(parts, x.contiguous())
        return torch.cat(parts)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        length = GatherWithGradient.lengths[dist.get_rank()]
        total = grad_output.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        return total[length * dist.get_rank() :][:length]
