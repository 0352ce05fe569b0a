"""
task: compare_gradients
says: ok is True of shapes (2, 3) and (3, 2): gradients of two shapes never agree
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.numel() != want.numel() or got.numel() + got.ndim == want.ndim:
        return Comparison(False, None, math.inf)
    if got.ndim > 1:
        want = want.reshape(got.shape)
    elif got.ndim == 0 and want.ndim:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = (got - want).abs().masked_fill(equal, 0)
    excess = error - (atol + rtol * want.abs())
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())
