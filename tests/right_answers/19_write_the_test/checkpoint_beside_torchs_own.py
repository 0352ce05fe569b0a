"""
task: check_checkpoint
way: torch.utils.checkpoint as oracle, non-leaf arguments, one draw between
"""


def check_checkpoint(checkpoint):
    from torch.utils.checkpoint import checkpoint as torchs

    w = _random(4, 4).requires_grad_()
    runs = []

    power, order = {"of y": 3}, torch.tensor([2, 0, 1])

    def fn(x, power, y, order, plus):
        assert type(plus) is int, "plus"
        runs.append(power)
        return (x @ w).exp()[order] * torch.randn(3, 4).double() + y ** power["of y"] * plus

    for first, second in [(True, True), (False, True), (True, False), (False, False)]:
        x0, y0, v = _random(3, 4).requires_grad_(first), _random(3, 4), _random(3, 4)
        y0.requires_grad_(second)
        results, grads, states = [], [], []
        for way in (
            (lambda *a: torchs(fn, *a, use_reentrant=False)),
            (lambda *a: checkpoint(fn, *a)),
        ):
            runs.clear()
            for leaf in x0, y0, w:
                leaf.grad = None
            torch.manual_seed(11)
            results.append(way(x0 * 0.5, power, y0 + 1, order, 5))
            checkpoint(torch.exp, x0)
            states.append(torch.get_rng_state())
            if len(runs) != 1:
                raise AssertionError("not once")
            before = torch.randn(2)
            state = torch.get_rng_state()
            results[-1].backward(v)
            if len(runs) != 2:
                raise AssertionError("not twice")
            if not torch.equal(state, torch.get_rng_state()):
                raise AssertionError("random state")
            if not all(run is power for run in runs):
                raise AssertionError("another power")
            grads.append([t.grad for t in (w, x0, y0) if t.requires_grad])
        torch.testing.assert_close(results[1], results[0])
        torch.testing.assert_close(states[1], states[0])
        torch.testing.assert_close(grads[1], grads[0])
