"""
task: central_difference
way: builds each point from Python numbers
"""


def central_difference(f, x, eps):
    numbers = x.detach().flatten().tolist()

    def value(i, step):
        moved = [n + step * (i == j) for j, n in enumerate(numbers)]
        return f(torch.tensor(moved, dtype=x.dtype, device=x.device).reshape(x.shape)).item()

    slopes = [(value(i, eps) - value(i, -eps)) / (2 * eps) for i in range(len(numbers))]
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)
