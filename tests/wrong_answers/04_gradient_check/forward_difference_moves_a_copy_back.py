"""
task: forward_difference
says: an element is moved and moved back, which rounds
"""


def forward_difference(f: Callable[[Tensor], Tensor], x: Tensor, eps: float) -> Tensor:
    point = x.detach().clone(memory_format=torch.contiguous_format)
    flat = point.view(-1)
    start = f(point).item()
    result = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    for i in range(flat.numel()):
        flat[i] += eps
        result.view(-1)[i] = (f(point).item() - start) / eps
        flat[i] -= eps
    return result
