"""
task: accumulate_and_sync_
way: one float64 tensor for all
"""


def accumulate_and_sync_(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    for p in model.parameters():
        p.grad = None
    total, samples = 0.0, 0
    with torch.enable_grad():
        for x, y in batches:
            loss = loss_fn(model(x), y)
            loss.mul(x.shape[0]).backward()
            total += float(loss) * x.shape[0]
            samples += x.shape[0]
    flat = torch.cat(
        [
            *(p.grad.flatten().double() for p in params),
            params[0].new_tensor([0.0, 0.0], dtype=torch.float64),
        ]
    )
    flat[-2], flat[-1] = total, samples
    dist.all_reduce(flat)
    flat /= flat[-1].clone()
    for p, part in zip(params, flat[:-2].split([p.numel() for p in params])):
        p.grad.copy_(part.view_as(p))
    return flat[-2].item()
