"""
task: masked_apply
says: rounded to float32
"""


def masked_apply(f, x, mask, fill, safe):
    inner = torch.where(mask, x, torch.tensor(float(safe), dtype=torch.float32))
    return torch.where(mask, f(inner), torch.tensor(float(fill), dtype=torch.float32))
