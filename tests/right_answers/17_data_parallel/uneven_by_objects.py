"""
task: average_uneven_gradients_
way: all_gather_object tells who has what, AVG
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = tuple(params)
    everybodys = [None] * dist.get_world_size()
    dist.all_gather_object(everybodys, (samples, [p.grad is None for p in params]))
    total = sum(n for n, _ in everybodys)
    for i, p in enumerate(params):
        if all(absent[i] for _, absent in everybodys):
            continue
        if p.grad is None:
            p.grad = p.new_zeros(p.shape)
        p.grad.mul_(samples)
        dist.all_reduce(p.grad)
        p.grad.div_(total)
