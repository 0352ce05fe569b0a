"""
task: compare_gradients
says: inf - inf, which is NaN, is taken for a difference
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    error = (got - want).abs()
    excess = error - (atol + rtol * want.abs())
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(torch.allclose(got, want, rtol=rtol, atol=atol), worst, error[worst].item())
