"""
task: compare_gradients
says: worst_index, where got is want but for 0.25 less at [2, 1, 1]
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
    worst = int(excess.argmax())
    return Comparison(bool((excess <= 0).all()), worst, error.reshape(-1)[worst].item())
