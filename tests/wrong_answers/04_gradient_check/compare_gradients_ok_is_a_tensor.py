"""
task: compare_gradients
says: ok is tensor(False): a Python bool is due
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
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison((excess <= 0).all(), worst, error[worst].item())
