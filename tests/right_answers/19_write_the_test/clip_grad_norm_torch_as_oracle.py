"""
task: check_clip_grad_norm_
way: torch's own in five cases, as a list, a generator and a tuple
"""


def check_clip_grad_norm_(clip):
    import copy

    for max_norm in (0.1, 0.7, 50.0):
        for kind in (list, tuple, iter):
            torch.manual_seed(3)
            one = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)).double()
            other = copy.deepcopy(one)
            for p, q in list(zip(one.parameters(), other.parameters(), strict=True))[:-1]:
                p.grad = torch.randn_like(p)
                q.grad = p.grad.clone()
            ids = [id(p.grad) for p in one.parameters()]
            found = clip(kind(list(one.parameters())), max_norm)
            due = nn.utils.clip_grad_norm_(other.parameters(), max_norm)
            torch.testing.assert_close(found, due, rtol=1e-9, atol=0)
            assert ids == [id(p.grad) for p in one.parameters()], "ids"
            assert list(one.parameters())[-1].grad is None, "a gradient where none was"
            for a, b in list(zip(one.parameters(), other.parameters(), strict=True))[:-1]:
                torch.testing.assert_close(a.grad, b.grad, rtol=1e-4 * (max_norm < 1), atol=0)
    for p in one.parameters():
        p.grad = torch.zeros_like(p)
    assert clip(one.parameters(), 1.0) == 0, "the norm of zeros"
    assert not any(p.grad.count_nonzero() for p in one.parameters()), "zeros"
    assert clip([], 1.0) == 0, "none"
    half = one.float()
    half.zero_grad()
    half(torch.ones(2, 3)).sum().backward()
    assert clip(half.parameters(), 1.0).dtype == torch.float32, "dtype"
