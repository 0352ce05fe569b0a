"""
task: numerical_vjp
way: the central difference of the scalar function Σ v · f(x)
"""


def numerical_vjp(f, x, v, eps):
    def weighted(at):
        return torch.tensordot(f(at), v, dims=v.ndim).item()

    data = x.detach().clone()
    result = torch.empty_like(data)
    for index in np.ndindex(*x.shape):
        old = data[index].item()
        data[index] = old + eps
        above = weighted(data)
        data[index] = old - eps
        below = weighted(data)
        data[index] = old
        result[index] = (above - below) / (2 * eps)
    return result
