"""
task: check_checkpoint
says: · the second run gets copies of what is no tensor
lets: 14 17
"""


def check_checkpoint(checkpoint):
    weight, v = _random(3, 4).requires_grad_(), _random(2, 4)
    scale, rows, runs = [7], torch.tensor([1, 0]), []

    def fn(x, scale, y, rows, power):
        runs.append((scale, power))
        return torch.rand_like(v) * (x @ weight).sin()[rows] * y**power * scale[0]

    for tracked in ((True, True), (False, True), (False, False)):
        x, y = (_random(2, n).requires_grad_(t) for n, t in zip((3, 4), tracked, strict=True))
        leaves = [leaf for leaf in (x, y, weight) if leaf.requires_grad]
        state = torch.get_rng_state()
        expected = fn(x, scale, y, rows, 3)
        due = torch.autograd.grad(expected, leaves, v)
        after = torch.get_rng_state()
        torch.set_rng_state(state)
        runs.clear()
        weight.grad = None
        found = checkpoint(fn, x, scale, y, rows, 3)
        assert torch.equal(torch.get_rng_state(), after), "forward leaves another random state"
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)
        assert len(runs) == 1, f"fn runs {len(runs)} times before backward"
        torch.rand(1)
        state = torch.get_rng_state()
        found.backward(v)
        assert torch.equal(torch.get_rng_state(), state), "backward moves the random state"
        assert len(runs) == 2, f"fn runs {len(runs)} times in all"
        assert all(of_run == scale for of_run, _ in runs), "a list reaches fn as another object"
        assert isinstance(runs[0][1], int), "a number reaches fn as something else"
        torch.testing.assert_close([p.grad for p in leaves], list(due), rtol=1e-9, atol=1e-12)
