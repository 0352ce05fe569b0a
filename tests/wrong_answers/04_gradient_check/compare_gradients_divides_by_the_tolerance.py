"""
task: compare_gradients
says: the error is divided by its tolerance
"""


def compare_gradients(got, want, *, rtol, atol):
    got, want = got.detach(), want.detach()
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = torch.where(equal, 0.0, (got - want).abs())
    tol = atol + rtol * want.abs()
    excess = torch.where(
        want.isinf(), torch.where(equal, -math.inf, error), error / (tol + 1e-300) - 1
    )
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())
