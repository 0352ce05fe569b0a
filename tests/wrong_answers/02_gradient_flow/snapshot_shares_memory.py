"""
task: snapshot
says: the array shares memory with the tensor
"""


def snapshot(t):
    t = t.float() if t.dtype == torch.bfloat16 else t
    return t.detach().cpu().numpy()
