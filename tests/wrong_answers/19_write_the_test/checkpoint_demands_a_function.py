"""
task: check_checkpoint
says: your check rejects a right one: it is a pair of saved-tensor hooks, and its result has fn's own node; none is promised
lets: 13-17
rejects: 2
"""


def check_checkpoint(checkpoint):
    weight, v = _random(3, 4).requires_grad_(), _random(2, 4)
    runs = []

    def fn(x, factor, y):
        runs.append(factor)
        return torch.rand_like(v) * (x @ weight).sin() * y * factor

    for tracked in True, False:
        x, y = _random(2, 3).requires_grad_(tracked), _random(2, 4).requires_grad_(tracked)
        leaves = (x, y, weight) if tracked else (weight,)
        state = torch.get_rng_state()
        due = torch.autograd.grad(fn(x, 7, y), leaves, v)
        torch.set_rng_state(state)
        runs.clear()
        weight.grad = None
        found = checkpoint(fn, x, 7, y)
        assert len(runs) == 1, "calls in forward"
        assert "Mul" not in found.grad_fn.name(), "the node is fn's own"
        torch.rand(1)
        state = torch.get_rng_state()
        found.backward(v)
        assert torch.equal(torch.get_rng_state(), state), "backward moves the random state"
        assert len(runs) == 2 and isinstance(runs[0], int), "calls in all, with a number"
        torch.testing.assert_close(tuple(p.grad for p in leaves), due, rtol=1e-9, atol=1e-12)
