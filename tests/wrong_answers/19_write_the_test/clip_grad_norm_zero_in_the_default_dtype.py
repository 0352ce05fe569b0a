"""
task: check_clip_grad_norm_
says: your check rejects a right one: without gradients it returns an integer 0; a dtype is not
lets: 22
rejects: 5
"""


def check_clip_grad_norm_(clip):
    for size, max_norm in (1, 0.5), (1, 99.0), (0, 1.0):
        params = [nn.Parameter(_random(s)) for s in (12, 5, 3)]
        for p in params[:2]:
            p.grad = size * (2 + _random(*p.shape).abs())
        kept = [p.grad for p in params]
        before = torch.cat(kept[:2])
        found = clip(iter(params), max_norm)
        torch.testing.assert_close(found, before.norm(), rtol=1e-9, atol=0)
        for p, g in zip(params, kept, strict=True):
            assert p.grad is g, "another object"
        due = before * min(1.0, max_norm / max(before.norm().item(), 1e-9))
        torch.testing.assert_close(torch.cat(kept[:2]), due, rtol=1e-5, atol=0)
    torch.testing.assert_close(clip([], 1.0), torch.zeros(()))
