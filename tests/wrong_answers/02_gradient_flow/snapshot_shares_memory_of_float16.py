"""
task: snapshot
says: the snapshot of a torch.float32 tensor, which has changed since
"""


def snapshot(t):
    t = t.detach().cpu()
    if t.dtype == torch.bfloat16:
        t = t.float()
    if t.dtype == torch.float64:
        t = t.clone()
    return t.numpy()
