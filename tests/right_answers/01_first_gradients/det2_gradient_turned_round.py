"""
task: det2_gradient
way: the matrix turned round, times a table of signs, under no_grad
"""


@torch.no_grad()
def det2_gradient(a):
    return a.rot90(2) * a.new_tensor([[1, -1], [-1, 1]])
