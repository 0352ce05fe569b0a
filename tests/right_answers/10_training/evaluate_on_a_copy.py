"""
task: evaluate
way: a deep copy runs in eval mode, in inference mode
"""

import copy


def evaluate(model, batches):
    model = copy.deepcopy(model).eval()
    with torch.inference_mode():
        hits = [model(x).max(dim=-1).indices.eq(y) for x, y in batches]
    if not hits:
        raise ValueError("no data")
    return torch.cat(hits).double().mean().item()
