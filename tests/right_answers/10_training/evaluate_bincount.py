"""
task: evaluate
way: bincount of hits, and grad mode by set_grad_enabled in a finally block
"""


def evaluate(model, batches):
    trained = [m for m in model.modules() if m.training]
    tally = torch.zeros(2, dtype=torch.int64)
    grad = torch.is_grad_enabled()
    try:
        for m in trained:
            setattr(m, "training", False)
        torch.set_grad_enabled(False)
        for x, y in batches:
            tally += torch.bincount(
                (torch.topk(model(x), 1, dim=1)[1].squeeze(1) == y).long(), minlength=2
            ).cpu()
    finally:
        torch.set_grad_enabled(grad)
        for m in trained:
            m.training = True
    if not tally.sum():
        raise ValueError("empty")
    return (tally[1] / tally.sum().double()).item()
