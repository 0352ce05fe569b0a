"""
task: compare_gradients
way: in float64 whatever the dtype, with a mask for each rule
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    got, want = got.detach().double(), want.detach().double()
    error = (got - want).abs()
    allowed = atol + rtol * want.abs()
    excess = error - allowed
    agrees = error <= allowed

    infinite = got.isinf() | want.isinf()
    equal, apart = infinite & (got == want), infinite & (got != want)
    nan = got.isnan() | want.isnan()
    error[equal], excess[equal], agrees[equal] = 0.0, -math.inf, True
    error[apart], excess[apart], agrees[apart] = math.inf, math.inf, False
    error[nan], agrees[nan] = math.nan, False

    flat = int(nan.flatten().int().argmax()) if nan.any() else int(excess.flatten().argmax())
    index = tuple(int(i) for i in np.unravel_index(flat, tuple(got.shape)))
    return Comparison(bool(agrees.all()), index, error.flatten()[flat].item())
