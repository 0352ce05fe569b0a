"""
task: GatherWithGradient
says: all ranks must make the same collectives
"""


class GatherWithGradient(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        x = x.contiguous()
        got = [torch.empty_like(x) for _ in range(dist.get_world_size())]
        dist.all_gather(got, x)
        ctx.rows = x.shape[0]
        return torch.cat(got)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        total = grad_output.clone(memory_format=torch.contiguous_format)
        if total.any():
            dist.all_reduce(total)
        start = dist.get_rank() * ctx.rows
        return total[start : start + ctx.rows]
