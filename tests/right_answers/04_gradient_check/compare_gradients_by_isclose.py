"""
task: compare_gradients
way: torch.isclose decides, infinities are looked at by themselves
"""


def compare_gradients(got, want, *, rtol, atol):
    got, want = got.detach(), want.detach()
    if got.shape != want.shape:
        return Comparison(False, None, float("inf"))
    if got.nelement() == 0:
        return Comparison(True, None, 0.0)
    close = torch.isclose(got, want, rtol=rtol, atol=atol)
    same_inf = got.isinf() & (got == want)
    error = torch.where(same_inf, torch.zeros_like(got), (got - want).abs())
    excess = error - atol - rtol * want.abs()
    excess[same_inf] = -float("inf")
    excess[error.isinf()] = float("inf")
    excess[error.isnan()] = float("nan")
    flat = torch.argmax(excess.flatten())
    place = torch.unravel_index(flat, got.shape) if got.dim() else ()
    return Comparison(
        ok=close.all().item(),
        worst_index=tuple(p.item() for p in place),
        error=error.flatten()[flat].item(),
    )
