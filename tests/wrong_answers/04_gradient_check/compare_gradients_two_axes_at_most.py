"""
task: compare_gradients
says: worst_index, where got is want but for 0.25 less at [2, 1, 1]: yours has length 2, 3 is due
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
    k = int(excess.argmax())
    worst = () if got.ndim == 0 else (k,) if got.ndim == 1 else divmod(k, got.shape[1])
    return Comparison(bool((excess <= 0).all()), worst, error.flatten()[k].item())
