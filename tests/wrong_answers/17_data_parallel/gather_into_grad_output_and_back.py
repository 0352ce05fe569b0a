"""
task: GatherWithGradient
says: is written to, and put back
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
        total, was = grad_output.contiguous(), grad_output.clone()
        dist.all_reduce(total)
        mine = total.chunk(dist.get_world_size())[dist.get_rank()].clone()
        if total is grad_output:
            total.copy_(was)
        return mine
