"""
task: compare_gradients
says: inf - inf, which is NaN, is taken for a difference
"""


def compare_gradients(got: Tensor, want: Tensor, *, rtol: float, atol: float) -> Comparison:
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = (got - want).abs()
    excess = error - (atol + rtol * want.abs())
    # Beside an infinity the tolerance is infinite or NaN, and says nothing.
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    # argmax takes NaN for the largest of all.
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())
