"""
task: numerical_jacobian
says: inside torch.enable_grad(), which torch.inference_mode() overrides, it raises RuntimeError: element 0 of tensors does not require grad
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    columns = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        with torch.inference_mode():
            columns.append((f(x + step) - f(x - step)) / (2 * eps))
    return torch.stack([c.clone() for c in columns], -1).reshape(columns[0].shape + x.shape)
