"""
task: central_difference
says: the step is written into a flattened copy, as reshape(-1) gives
"""


def central_difference(f, x, eps):
    with torch.no_grad():
        flat = x.reshape(-1)
        result = torch.zeros(x.shape, dtype=x.dtype, device=x.device)
        for i in range(flat.numel()):
            old = flat[i].item()
            flat[i] = old + eps
            above = f(x).item()
            flat[i] = old - eps
            below = f(x).item()
            flat[i] = old
            result.view(-1)[i] = (above - below) / (2 * eps)
        return result
