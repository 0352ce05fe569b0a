"""
task: GatherWithGradient
says: all ranks must make the same collectives
"""


class GatherWithGradient(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        got = [
            torch.empty(x.shape, dtype=x.dtype, device=x.device)
            for _ in range(dist.get_world_size())
        ]
        dist.all_gather(got, x.contiguous())
        return torch.cat(got, dim=0)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        g = grad_output.contiguous()
        if not g.any():
            return g[: g.shape[0] // dist.get_world_size()]
        n = dist.get_world_size()
        got = [g.new_empty(g.shape) for _ in range(n)]
        dist.all_gather(got, g)
        rows = g.shape[0] // n
        return sum(t.narrow(0, dist.get_rank() * rows, rows) for t in got)
