"""
task: GatherWithGradient
way: what came in, by all_to_all_single, and added up
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
        got = torch.empty_like(total)
        dist.all_to_all_single(got, total)
        return got.view(dist.get_world_size(), ctx.rows, *total.shape[1:]).sum(0)
