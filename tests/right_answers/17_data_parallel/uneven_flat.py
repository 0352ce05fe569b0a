"""
task: average_uneven_gradients_
way: two collectives, gradients and samples in float64, flags by MAX
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    flags = torch.tensor([p.grad is not None for p in params], device=params[0].device).to(
        torch.uint8
    )
    dist.all_reduce(flags, op=dist.ReduceOp.MAX)
    flat = [torch.zeros_like(p) if p.grad is None else p.grad for p in params]
    flat = torch.cat(
        [g.flatten().double() * samples for g in flat] + [flags.new_tensor([samples]).double()]
    )
    dist.all_reduce(flat)
    flat /= flat[-1].clone()
    for p, part, there in zip(params, flat[:-1].split([p.numel() for p in params]), flags):
        if there:
            if p.grad is None:
                p.grad = torch.empty_like(p)
            p.grad.copy_(part.view_as(p))
