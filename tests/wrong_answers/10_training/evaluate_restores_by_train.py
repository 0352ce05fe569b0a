"""
task: evaluate
says: a submodule in eval mode, which two others in train mode share
"""


def evaluate(model: nn.Module, batches: Batches) -> float:
    modes = [(module, module.training) for module in model.modules()]
    right, samples = 0, 0
    model.eval()
    try:
        with torch.no_grad():
            for x, y in batches:
                right += (model(x).argmax(1) == y).sum().item()
                samples += len(y)
    finally:
        for module, mode in modes:  # parents come first, so that the children have the last word
            module.train(mode)
    if samples == 0:
        raise ValueError("no batch to evaluate on")
    return right / samples
