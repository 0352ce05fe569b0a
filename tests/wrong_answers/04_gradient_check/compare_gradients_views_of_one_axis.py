"""
task: compare_gradients
says: given two tensors of shape (4, 2, 3) that are not contiguous, it raises RuntimeError: view size is not compatible
"""


def compare_gradients(got, want, *, rtol, atol):
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    shape = got.shape
    got, want = got.detach().view(-1), want.detach().view(-1)
    equal = got == want
    error = (got - want).abs().masked_fill(equal, 0)
    excess = error - (atol + rtol * want.abs())
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    k = int(excess.argmax())
    worst = tuple(int(i) for i in np.unravel_index(k, shape))
    return Comparison(bool((excess <= 0).all()), worst, error[k].item())
