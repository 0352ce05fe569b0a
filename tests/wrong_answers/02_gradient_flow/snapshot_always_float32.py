"""
task: snapshot
says: the snapshot of a torch.float64 tensor: yours is float32
"""


def snapshot(t):
    return t.detach().float().cpu().numpy().copy()
