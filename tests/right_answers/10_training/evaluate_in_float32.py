"""
task: evaluate
way: weights the mean of each batch by its size; restores the modes one by one
"""


@torch.no_grad()
def evaluate(model, batches):
    was = {m for m in model.modules() if m.training}
    try:
        for m in was:
            m.training = False
        total, n = 0.0, 0
        for x, y in batches:
            total += (model(x).topk(1).indices[:, 0] == y).float().mean().item() * x.size(0)
            n += x.size(0)
        try:
            return total / n
        except ZeroDivisionError:
            raise ValueError("no data") from None
    finally:
        for m in was:
            m.training = True
