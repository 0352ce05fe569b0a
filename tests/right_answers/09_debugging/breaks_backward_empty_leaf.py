"""
task: breaks_backward
way: a leaf that is made empty and filled
"""


def breaks_backward(fn: Callable[[Tensor], Tensor], x: Tensor) -> bool:
    leaf = torch.empty_like(x, requires_grad=True)
    with torch.no_grad():
        leaf.copy_(x)
    result = fn(leaf * 1)
    if result.grad_fn is None:
        return False
    try:
        result.backward(torch.ones_like(result), inputs=[leaf])
    except RuntimeError as error:
        if re.search("modified by an inplace operation", str(error)) is None:
            raise
        return True
    return False
