"""
task: check_clip_grad_norm_
says: · a generator of parameters is used up by the norm, and nothing is scaled
lets: 10-13 16-18 21-22
"""


def check_clip_grad_norm_(clip):
    shapes = [(4, 3), (5,), (2,)]
    for max_norm in 0.5, 99.0:
        mine, its = ([nn.Parameter(torch.zeros(s).double()) for s in shapes] for _ in range(2))
        for a, b in zip(mine[:2], its[:2], strict=True):
            a.grad = 2 + _random(*a.shape).abs()
            b.grad = a.grad.clone()
        due = nn.utils.clip_grad_norm_(mine, max_norm)
        found = clip(its, max_norm)
        torch.testing.assert_close(found, due, rtol=1e-5, atol=0)
        for a, b in zip(mine[:2], its[:2], strict=True):
            torch.testing.assert_close(b.grad, a.grad, rtol=1e-5, atol=0)
