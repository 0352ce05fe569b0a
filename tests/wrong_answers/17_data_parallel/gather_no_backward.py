"""
task: GatherWithGradient
says: backward
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
