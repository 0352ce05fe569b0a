"""
task: GatherWithGradient
says: was recorded by CatBackward0, not by GatherWithGradient
"""


class GatherWithGradient(Function):
    @staticmethod
    def apply(x):
        parts = [
            torch.empty(x.shape, dtype=x.dtype, device=x.device)
            for _ in range(dist.get_world_size())
        ]
        dist.all_gather(parts, x.detach().contiguous())
        parts[dist.get_rank()] = x
        return torch.cat(parts)
