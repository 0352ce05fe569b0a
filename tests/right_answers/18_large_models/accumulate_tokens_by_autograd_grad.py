"""
task: accumulate_tokens_
way: gradients summed in a list, by autograd.grad
"""


def accumulate_tokens_(model, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    sums, total, count = [None] * len(params), 0.0, 0
    for x, y in batches:
        log_p = model(x).log_softmax(-1)
        mask = y.ne(-100)
        picked = log_p.gather(-1, y.clamp(min=0)[..., None])[..., 0]
        loss = -picked[mask].sum()
        for i, g in enumerate(torch.autograd.grad(loss, params, allow_unused=True)):
            if g is not None:
                sums[i] = g if sums[i] is None else sums[i] + g
        total, count = total + loss.item(), count + mask.sum().item()
        del loss, picked, log_p
    model.zero_grad()
    if count == 0:
        raise ValueError("every token is ignored")
    for p, g in zip(params, sums):
        p.grad = None if g is None else g / count
    return total / count
