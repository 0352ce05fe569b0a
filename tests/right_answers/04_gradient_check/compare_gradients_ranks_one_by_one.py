"""
task: compare_gradients
way: gives each pair of numbers a rank, one after another, and keeps the worst
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    worst, rank, err, ok = None, None, 0.0, True
    for i in np.ndindex(*got.shape):
        g, w = got[i].item(), want[i].item()
        if math.isnan(g) or math.isnan(w):
            r, e, fine = (3, 0.0), math.nan, False
        elif math.isinf(g) or math.isinf(w):
            fine = g == w
            r, e = ((0, 0.0), 0.0) if fine else ((2, 0.0), math.inf)
        else:
            e = abs(g - w)
            excess = e - (atol + rtol * abs(w))
            r, fine = (1, excess), excess <= 0
        ok = ok and fine
        if rank is None or r > rank:
            worst, rank, err = i, r, e
    return Comparison(ok, worst, err)
