"""
task: complex_step
way: in complex128 whatever the dtype of x
"""


def complex_step(f, x):
    h = 1e-20
    point = x.detach().to(torch.complex128)
    result = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
    with torch.no_grad():
        for i in range(x.numel()):
            moved = point.clone(memory_format=torch.contiguous_format)
            moved.view(-1)[i] += 1j * h
            result[i] = f(moved).item().imag / h
    return result.reshape(x.shape)
