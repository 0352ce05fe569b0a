"""
task: compare_gradients
way: NumPy all the way
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, np.inf)
    if 0 in got.shape:
        return Comparison(True, None, 0)
    g, w = (t.detach().cpu().numpy() for t in (got, want))
    with np.errstate(invalid="ignore"):
        error = np.where(g == w, 0.0, np.abs(g - w))
        excess = np.where(
            np.isinf(w), np.where(g == w, -np.inf, error), error - (atol + rtol * np.abs(w))
        )
    worst = [int(i) for i in np.unravel_index(np.argmax(excess), g.shape)]
    return Comparison(
        bool(np.allclose(g, w, rtol=rtol, atol=atol)), tuple(worst), float(error[tuple(worst)])
    )
