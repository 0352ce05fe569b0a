"""
task: compare_gradients
says: ok is False where got is -10.25, want -10
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = (got - want).abs().masked_fill(equal, 0)
    excess = error - (atol + rtol * want)
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())
