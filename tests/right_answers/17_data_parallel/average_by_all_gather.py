"""
task: average_gradients_
way: all_gather, and the mean of what came
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            parts = [torch.empty_like(p.grad) for _ in range(dist.get_world_size())]
            dist.all_gather(parts, p.grad)
            with torch.no_grad():
                p.grad.copy_(torch.stack(parts).mean(0))
