"""
task: snapshot
way: copies into an empty tensor on the CPU, whose memory NumPy may have
"""


def snapshot(t):
    dtype = torch.float32 if t.dtype == torch.bfloat16 else t.dtype
    out = torch.empty(t.shape, dtype=dtype, device="cpu")
    out.copy_(t.detach())
    return out.numpy()
