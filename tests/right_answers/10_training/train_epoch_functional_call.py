"""
task: train_epoch
way: torch.func.functional_call on the parameters that require grad
"""


def train_epoch(model, optimizer, loss_fn, batches):
    from torch.func import functional_call

    losses = []
    for x, y in batches:
        named = {n: p for n, p in model.named_parameters() if p.requires_grad}
        loss = loss_fn(functional_call(model, named, (x,)), y)
        got = torch.autograd.grad(loss, list(named.values()), allow_unused=True)
        optimizer.zero_grad(set_to_none=True)
        for p, g in zip(named.values(), got):
            p.grad = g
        optimizer.step()
        losses += [loss.item()] * len(y)
    if not losses:
        raise ValueError("no losses")
    return sum(losses) / len(losses)
