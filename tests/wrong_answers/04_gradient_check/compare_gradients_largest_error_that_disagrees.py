"""
task: compare_gradients
says: the largest |got - want| is taken
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = (got - want).abs().masked_fill(equal, 0)
    excess = error - (atol + rtol * want.abs())
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    bad = ~(excess <= 0)
    score = torch.where(bad, error, -1) if bad.any() else excess
    worst = tuple(int(i) for i in np.unravel_index(int(score.argmax()), got.shape))
    return Comparison(not bool(bad.any()), worst, error[worst].item())
