"""
task: check_clip_grad_norm_
says: · below the bound a new tensor takes the place of .grad
lets: 17 21-22
"""


def check_clip_grad_norm_(clip):
    for size, max_norm in ((1, 0.5), (1, 99.0), (0, 0.5)):
        grads = [size * _random(4, 3), size * _random()]
        params = [nn.Parameter(_random(*shape)) for shape in [(4, 3), (), (5,)]]
        for p, grad in zip(params, grads, strict=False):
            p.grad = grad
        before = torch.cat([grad.flatten() for grad in grads])
        found = clip(iter(params), max_norm)
        torch.testing.assert_close(found, before.norm(), rtol=1e-9, atol=0)
        after = torch.cat([p.grad.flatten() for p in params[:2]])
        expected = before * min(1, max_norm / max(before.norm(), 1e-9))
        torch.testing.assert_close(after, expected, rtol=1e-5, atol=0)
        kept = [p.grad is grad for p, grad in zip(params, [*grads, None], strict=True)]
        assert all(kept) or max_norm > found, "a .grad is another object"
    assert clip([params[2]], 1.0) == 0, "without gradients the norm is 0"
