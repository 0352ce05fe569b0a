"""
task: affine_inplace
says: x was edited in place, which putting it back does not undo
"""


def affine_inplace(x):
    with torch.no_grad():
        x.add_(1)
    y = x * 2
    with torch.no_grad():
        x.sub_(1)
    return y
