"""
task: evaluate
way: sorts the classes of each sample, and gives the modes back by an ExitStack
"""

from contextlib import ExitStack


def evaluate(model: nn.Module, batches: Batches) -> float:
    hits: list[bool] = []
    with ExitStack() as undo:
        for module in model.modules():
            undo.callback(setattr, module, "training", module.training)
        model.eval()
        undo.enter_context(torch.no_grad())
        for x, y in batches:
            ranking = model(x).sort(dim=1, descending=True, stable=True).indices
            hits.extend(ranking[:, 0].eq(y).tolist())
    if not hits:
        raise ValueError("evaluate needs at least one batch")
    return hits.count(True) / len(hits)
