"""
task: gradient
says: f is measured at nearby points, and autograd is not asked
"""


def gradient(f, x):
    x = x.detach()
    # As many as x has digits for, so that only the origin of the slope is wrong.
    wide = x.double().clone().contiguous()
    result = torch.zeros_like(wide)
    for i in range(wide.numel()):
        step = torch.zeros_like(wide).reshape(-1)
        step[i] = 1e-4
        step = step.reshape(wide.shape)
        values = [f((wide + k * step)).detach() for k in (-2, -1, 1, 2)]
        slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / 12e-4
        result.view(-1)[i] = slope
    return result.to(x.dtype)
