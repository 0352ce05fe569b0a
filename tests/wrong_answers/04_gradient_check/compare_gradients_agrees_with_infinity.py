"""
task: compare_gradients
says: want [inf] and rtol 0.1: yours is True
"""


def compare_gradients(got: Tensor, want: Tensor, *, rtol: float, atol: float) -> Comparison:
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    g, w = got.detach().double(), want.detach().double()
    error = torch.where(g == w, torch.zeros_like(g), (g - w).abs())
    bound = atol + rtol * w.abs()
    agrees = (error <= bound) | (g == w)
    excess = torch.where(error.isinf(), error, error - bound)
    excess = torch.where(w.isinf() & (g == w), torch.full_like(g, -math.inf), excess)
    flat = int(excess.reshape(-1).argmax())  # a NaN counts as the largest
    error_there = error.reshape(-1)[flat].item()
    index = []
    for size in reversed(g.shape):
        index.append(flat % size)
        flat //= size
    return Comparison(bool(agrees.all()), tuple(reversed(index)), error_there)
