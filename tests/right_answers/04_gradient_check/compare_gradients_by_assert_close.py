"""
task: compare_gradients
way: torch.testing.assert_close decides, Python finds the place
"""


def compare_gradients(got, want, *, rtol, atol):
    try:
        torch.testing.assert_close(got, want, rtol=rtol, atol=atol)
        ok = True
    except AssertionError:
        ok = False
    if got.shape != want.shape:
        return Comparison(ok, None, math.inf)
    if not got.numel():
        return Comparison(ok, None, 0.0)

    def judged(index):
        g, w = got[index].item(), want[index].item()
        if math.isnan(g) or math.isnan(w):
            return (2, 0.0), index, math.nan
        if g == w and math.isinf(g):
            return (-1, 0.0), index, 0.0
        if math.isinf(g) or math.isinf(w):
            return (1, 0.0), index, math.inf
        return (0, abs(g - w) - (atol + rtol * abs(w))), index, abs(g - w)

    _, index, error = max(map(judged, np.ndindex(*got.shape)), key=lambda found: found[0])
    return Comparison(ok, index, error)
