"""
task: check_clip_grad_norm_
says: all 13 faults are caught,
says: of them without a word, such as this:
"""


def check_clip_grad_norm_(clip):
    for max_norm in 0.5, 99.0:
        params = [nn.Parameter(_random(s)) for s in (12, 5, 3)]
        for p in params[:2]:
            p.grad = 2 + _random(*p.shape).abs()
        kept = [p.grad for p in params]
        before = torch.cat(kept[:2])
        found = clip(iter(params), max_norm)
        assert torch.allclose(found, before.norm())
        for p, g in zip(params, kept, strict=True):
            assert p.grad is g
        assert torch.allclose(
            torch.cat(kept[:2]), before * min(1.0, max_norm / before.norm().item())
        )
    assert clip([], 1.0) == 0
