"""
task: check_clip_grad_norm_
says: · it scales always, so that small gradients grow
lets: 4-5 9-13 16-18 21-22
"""


def check_clip_grad_norm_(clip):
    shapes = [(4, 3), (5,)]
    mine, its = ([nn.Parameter(torch.zeros(s).double()) for s in shapes] for _ in range(2))
    for a, b in zip(mine, its, strict=True):
        a.grad = 2 + _random(*a.shape).abs()
        b.grad = a.grad.clone()
    due = nn.utils.clip_grad_norm_(mine, 1.0)
    found = clip(its, 1.0)
    torch.testing.assert_close(found, due, rtol=1e-5, atol=0)
    for a, b in zip(mine, its, strict=True):
        torch.testing.assert_close(b.grad, a.grad, rtol=1e-5, atol=0)
