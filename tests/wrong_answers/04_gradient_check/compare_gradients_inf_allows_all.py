"""
task: compare_gradients
says: error, where got is [9.0, inf], want [5.0, -inf]
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    error = (got - want).abs().masked_fill(got == want, 0)
    excess = (error - (atol + rtol * want.abs())).nan_to_num(-math.inf)
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())
