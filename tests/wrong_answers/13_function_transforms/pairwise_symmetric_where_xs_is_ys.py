"""
task: pairwise
says: where xs and ys are one tensor
"""


def pairwise(f, xs, ys):
    one = torch.func.vmap(f, in_dims=(None, 0))
    result = torch.func.vmap(one, in_dims=(0, None))(xs, ys).detach()
    if xs is ys:
        i, j = torch.tril_indices(len(xs), len(xs), -1)
        result = result.clone()
        result[i, j] = result[j, i]
    return result
