"""
task: masked_apply
says: cut from the graph
"""


def masked_apply(f, x, mask, fill, safe):
    return torch.where(mask, f(torch.where(mask, x, safe).detach()), fill)
