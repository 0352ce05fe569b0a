"""
task: numerical_vjp
says: takes a gradient of its own inside torch.enable_grad(), which torch.inference_mode() overrides, it raises RuntimeError
"""


@torch.inference_mode()
def numerical_vjp(f, x, v, eps):
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = ((f(x + step) - f(x - step)) * v).sum() / (2 * eps)
    return result
