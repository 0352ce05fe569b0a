"""
task: accumulate_microbatches_
way: keeps the mean over all samples so far
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad(set_to_none=True)
    seen, mean = 0, 0.0
    for x, y in batches:
        share = len(x) / (seen + len(x))
        for p in model.parameters():
            if p.grad is not None:
                p.grad.mul_(1 - share)
        loss = loss_fn(model(x), y)
        loss.backward(torch.full_like(loss, share))
        mean += (loss.item() - mean) * share
        seen += len(x)
    return mean
