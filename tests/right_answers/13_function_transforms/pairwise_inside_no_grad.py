"""
task: pairwise
way: inside torch.no_grad(), without detach
"""


def pairwise(f, xs, ys):
    with torch.no_grad():
        inner = torch.func.vmap(f, in_dims=(None, 0))
        return torch.func.vmap(inner, in_dims=(0, None))(xs, ys)
