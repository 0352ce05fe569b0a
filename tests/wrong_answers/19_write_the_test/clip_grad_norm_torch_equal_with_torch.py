"""
task: check_clip_grad_norm_
says: your check rejects a right one: it divides by the norm itself, torch by the norm + 1e-6
says: it says: gradients
rejects: 2-4
"""


def check_clip_grad_norm_(clip):
    shapes = [(40, 3), (50,), (2,)]
    for max_norm in 0.5, 9999.0:
        mine, its = ([nn.Parameter(torch.zeros(s).double()) for s in shapes] for _ in range(2))
        for a, b in zip(mine[:2], its[:2], strict=True):
            a.grad = 2 + _random(*a.shape).abs()
            b.grad = a.grad.clone()
        kept = [p.grad for p in its]
        due = nn.utils.clip_grad_norm_(mine, max_norm)
        found = clip(iter(its), max_norm)
        torch.testing.assert_close(found, due)
        for a, b, g in zip(mine, its, kept, strict=True):
            assert b.grad is g, "another object"
            assert g is None or torch.equal(b.grad, a.grad), "gradients"
    assert clip(its[2:], 1.0).item() == 0, "no gradients"
