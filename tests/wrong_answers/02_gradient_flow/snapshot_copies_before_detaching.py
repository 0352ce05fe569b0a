"""
task: snapshot
says: Can't call numpy() on Tensor that requires grad
"""


def snapshot(t):
    t = t.float() if t.dtype == torch.bfloat16 else t
    return t.clone().cpu().numpy()
