"""
task: best_step
way: the least of eps²/6 + epsilon/eps, with its constant 3
"""


def best_step(dtype):
    return math.exp(math.log(3 * torch.finfo(dtype).eps) / 3)
