"""
task: jacobian_rows
says: AttributeError: 'NoneType' object has no attribute 'zero_'
"""


def jacobian_rows(f, x):
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        y = f(x)
    rows = []
    for element in y.flatten():
        x.grad.zero_()
        element.backward(retain_graph=True)
        rows.append(x.grad.clone())
    return torch.stack(rows).reshape(y.shape + x.shape)
