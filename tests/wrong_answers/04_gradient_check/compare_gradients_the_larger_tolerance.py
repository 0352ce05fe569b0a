"""
task: compare_gradients
says: ok is False where got is 1.5, want 1, rtol 0.25 and atol 0.25
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = (got - want).abs().masked_fill(equal, 0)
    excess = error - torch.clamp(rtol * want.abs(), min=atol)
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())
