"""
task: snapshot
says: it passes through float16, which ends at 65504
"""


def snapshot(t):
    t = t.detach().cpu()
    if t.dtype == torch.bfloat16:
        return t.half().float().numpy()
    return t.numpy().copy()
