"""
task: masked_apply
says: cut from the graph
"""


def masked_apply(f, x, mask, fill, safe):
    result = torch.full_like(x, fill)
    result[mask] = f(x[mask]).detach()
    return result
