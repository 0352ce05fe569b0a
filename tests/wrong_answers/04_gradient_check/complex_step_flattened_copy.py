"""
task: complex_step
says: the step is written into a flattened copy
"""


def complex_step(f, x):
    z = x.detach() + 0j
    flat = z.reshape(-1)
    result = torch.zeros(x.shape, dtype=x.dtype, device=x.device)
    for i in range(flat.numel()):
        flat[i] += 1e-20j
        result.view(-1)[i] = f(z).imag.item() / 1e-20
        flat[i] = flat[i].real.item()
    return result
