"""
task: evaluate
says: a submodule that was in eval mode comes back in train mode
"""


def evaluate(model, batches):
    was = model.training
    right = count = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                right += (model(x).argmax(1) == y).sum().item()
                count += len(y)
    finally:
        model.train(was)
    if count == 0:
        raise ValueError("no data")
    return right / count
