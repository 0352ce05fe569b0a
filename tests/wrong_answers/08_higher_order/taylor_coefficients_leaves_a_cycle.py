"""
task: taylor_coefficients
says: not even garbage collection frees them
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y = f(x)
    out = [y.item()]
    for k in range(1, order + 1):
        x.grad = None
        if y.requires_grad:
            y.backward(create_graph=True, inputs=[x])
        y = torch.zeros_like(x) if x.grad is None else x.grad
        out.append(y.item() / math.factorial(k))
    return out
