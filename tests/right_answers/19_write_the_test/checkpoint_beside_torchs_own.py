"""
task: check_checkpoint
way: torch.utils.checkpoint as oracle, non-leaf arguments, one draw between
"""


def check_checkpoint(checkpoint):
    from torch.utils.checkpoint import checkpoint as torchs

    w = _random(4, 4).requires_grad_()
    runs = []

    def fn(x, power, y):
        assert type(power) is int, "power"
        runs.append(power)
        return (x @ w).exp() * torch.randn(3, 4).double() + y**power

    for tracked in True, False:
        x0, y0, v = _random(3, 4).requires_grad_(tracked), _random(3, 4), _random(3, 4)
        y0.requires_grad_(tracked)
        results, grads = [], []
        for way in (
            (lambda *a: torchs(fn, *a, use_reentrant=False)),
            (lambda *a: checkpoint(fn, *a)),
        ):
            runs.clear()
            for leaf in x0, y0, w:
                leaf.grad = None
            torch.manual_seed(11)
            results.append(way(x0 * 0.5, 3, y0 + 1))
            if len(runs) != 1:
                raise AssertionError("not once")
            before = torch.randn(2)
            state = torch.get_rng_state()
            results[-1].backward(v)
            if len(runs) != 2:
                raise AssertionError("not twice")
            if not torch.equal(state, torch.get_rng_state()):
                raise AssertionError("random state")
            grads.append([w.grad, x0.grad, y0.grad])
        torch.testing.assert_close(results[1], results[0])
        torch.testing.assert_close(grads[1][: 1 + 2 * tracked], grads[0][: 1 + 2 * tracked])
