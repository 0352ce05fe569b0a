"""
task: check_clip_grad_norm_
says: all 22 faults are caught,
says: of them without a word, such as this:
"""


def check_clip_grad_norm_(clip):
    for size, max_norm in (1, 0.5), (1, 99.0), (0, 1.0):
        params = [nn.Parameter(_random(s)) for s in (12, 5, 3)]
        for p in params[:2]:
            p.grad = size * (2 + _random(*p.shape).abs())
        kept = [p.grad for p in params]
        before = torch.cat(kept[:2])
        found = clip(iter(params), max_norm)
        assert found.shape == ()
        assert torch.allclose(found, before.norm(), rtol=1e-9)
        for p, g in zip(params, kept, strict=True):
            assert p.grad is g
        assert torch.allclose(
            torch.cat(kept[:2]), before * min(1.0, max_norm / max(before.norm().item(), 1e-9))
        )
        assert before.norm() > max_norm or torch.equal(torch.cat(kept[:2]), before)
    single = nn.Parameter(torch.ones(12))
    single.grad = torch.ones(12)
    assert clip([single], 99.0).dtype == torch.float32
    assert clip([], 1.0) == 0
