"""
task: compare_gradients
says: ok is True where got is 2, want 1, rtol 0.6 and atol 0
says: |got - want| is 1, atol + rtol·|want| is 0.6
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = (got - want).abs().masked_fill(equal, 0)
    excess = error - (atol + rtol * got.abs())
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())
