"""
task: central_difference
says: inside torch.enable_grad(), which torch.inference_mode() overrides, it raises RuntimeError: element 0 of tensors does not require grad
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    with torch.inference_mode():
        for index in np.ndindex(*x.shape):
            step = torch.zeros_like(x)
            step[index] = eps
            result[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return result
