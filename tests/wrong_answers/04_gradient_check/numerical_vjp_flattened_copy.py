"""
task: numerical_vjp
says: the step is written into a flattened copy
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach().clone()
    flat = x.reshape(-1)
    result = torch.zeros_like(flat)
    for i in range(flat.numel()):
        old = flat[i].item()
        flat[i] = old + eps
        above = f(x).clone()
        flat[i] = old - eps
        below = f(x).clone()
        flat[i] = old
        result[i] = ((above - below) * v).sum().item() / (2 * eps)
    return result.reshape(x.shape)
