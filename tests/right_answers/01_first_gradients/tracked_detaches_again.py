"""
task: tracked
way: cuts a computed tensor off, so that it is a leaf again
"""


def tracked(values):
    halves = torch.stack([torch.tensor(float(value), dtype=torch.float64) for value in values])
    return halves.clone().detach().requires_grad_(True)
