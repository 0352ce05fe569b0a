"""
task: snapshot
way: clone, without recording
"""


def snapshot(t):
    with torch.no_grad():
        copy = t.clone().cpu()
        if copy.dtype == torch.bfloat16:
            copy = copy.float()
    return copy.detach().numpy()
