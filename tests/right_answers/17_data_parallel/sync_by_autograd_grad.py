"""
task: accumulate_and_sync_
way: autograd.grad, weights of each micro-batch, asynchronous sums
"""


def accumulate_and_sync_(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    sums, losses = None, []
    with torch.enable_grad():
        for x, y in batches:
            loss = loss_fn(model(x), y)
            new = torch.autograd.grad(loss, params, grad_outputs=torch.full_like(loss, len(x)))
            sums = new if sums is None else [a + b for a, b in zip(sums, new)]
            losses.append((loss.item(), len(x)))
    everybodys = [None] * dist.get_world_size()
    dist.all_gather_object(everybodys, losses)
    flat = [pair for mine in everybodys for pair in mine]
    total = sum(n for _, n in flat)
    sums = [s.contiguous() for s in sums]
    model.zero_grad()
    for p, s, work in [(p, s, dist.all_reduce(s, async_op=True)) for p, s in zip(params, sums)]:
        work.wait()
        p.grad = s / total
    return sum(loss * n for loss, n in flat) / total
