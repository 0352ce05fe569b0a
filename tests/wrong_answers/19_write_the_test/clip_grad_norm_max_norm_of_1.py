"""
task: check_clip_grad_norm_
says: · it scales to norm 1, whatever max_norm is
lets: 5 16 18 21-22
"""


def check_clip_grad_norm_(clip):
    for size in 9.0, 1e-3:
        params = [nn.Parameter(_random(s)) for s in (12, 5, 3)]
        for p in params[:2]:
            p.grad = size * (2 + _random(*p.shape).abs())
        kept = [p.grad for p in params]
        before = torch.cat(kept[:2])
        found = clip(iter(params), 1.0)
        torch.testing.assert_close(found, before.norm())
        for p, g in zip(params, kept, strict=True):
            assert p.grad is g, "another object"
        due = before * min(1.0, 1.0 / before.norm().item())
        torch.testing.assert_close(torch.cat(kept[:2]), due, rtol=1e-5, atol=0)
    assert clip([], 1.0) == 0, "no gradients"
