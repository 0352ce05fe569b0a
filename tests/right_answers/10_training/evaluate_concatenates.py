"""
task: evaluate
way: under no_grad for the model alone, the hits of all batches in one tensor
"""


def evaluate(model: nn.Module, batches: Batches) -> float:
    modes = [(module, module.training) for module in model.modules()]
    hits = []
    try:
        model.eval()
        for x, y in batches:
            with torch.no_grad():
                hits.append(model(x).max(dim=1).indices == y)
    finally:
        for module, training in modes:
            module.training = training
    if not hits:
        raise ValueError("there is no batch")
    return torch.cat(hits).double().mean().item()
