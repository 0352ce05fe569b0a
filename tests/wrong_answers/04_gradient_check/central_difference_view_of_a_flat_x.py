"""
task: central_difference
says: given x of shape (4, 3), it raises RuntimeError: view size is not compatible
"""


def central_difference(f, x, eps):
    x = x.detach()
    flat = x.view(-1)
    result = torch.zeros_like(flat)
    for i in range(flat.numel()):
        step = torch.zeros_like(flat)
        step[i] = eps
        above, below = (flat + step).view(x.shape), (flat - step).view(x.shape)
        result[i] = (f(above).item() - f(below).item()) / (2 * eps)
    return result.view(x.shape)
