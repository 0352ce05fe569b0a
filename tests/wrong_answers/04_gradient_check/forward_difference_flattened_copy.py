"""
task: forward_difference
says: the step is written into a flattened copy
"""


def forward_difference(f, x, eps):
    point = x.detach().clone()
    start = f(point).item()
    flat = point.reshape(-1)
    result = torch.zeros_like(x, requires_grad=False).contiguous()
    for i in range(flat.numel()):
        old = flat[i].item()
        flat[i] = old + eps
        result.view(-1)[i] = (f(point).item() - start) / eps
        flat[i] = old
    return result
