"""
task: GatherWithGradient
says: GatherWithGradient.rank is set
"""


class GatherWithGradient(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        x = x.contiguous()
        GatherWithGradient.rank = dist.get_rank()
        got = [torch.empty_like(x) for _ in range(dist.get_world_size())]
        dist.all_gather(got, x)
        ctx.rows = x.shape[0]
        return torch.cat(got)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        total = grad_output.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        start = GatherWithGradient.rank * ctx.rows
        return total[start : start + ctx.rows]
