"""
task: check_checkpoint
way: a network with much dropout against plain calls from one seed, and keyword-like objects
"""


def check_checkpoint(checkpoint):
    net = nn.Sequential(nn.Linear(4, 30), nn.Tanh(), nn.Dropout(0.5), nn.Linear(30, 5)).double()
    marks = []

    def fn(a, flag, b, name, choice):
        marks.append((flag, name, torch.is_grad_enabled()))
        return net(a * b).tanh().index_select(0, choice) if flag else net(a)

    marker, choice = object(), torch.arange(6).flip(0)
    for grads in [(True, True), (False, True), (False, False)]:
        a, b = (torch.randn(6, 4).double().requires_grad_(g) for g in grads)
        v = torch.randn(6, 5).double()
        leaves = [t for t in (a, b, *net.parameters()) if t.requires_grad]
        torch.manual_seed(5)
        due = fn(a, True, b, marker, choice)
        drawn_by_fn = torch.get_rng_state()
        wanted = torch.autograd.grad(due, leaves, v)
        for leaf in leaves:
            leaf.grad = None
        marks.clear()
        torch.manual_seed(5)
        result = checkpoint(fn, a, True, b, marker, choice)
        assert torch.get_rng_state().equal(drawn_by_fn), "the state after forward"
        assert torch.allclose(result, due), "the value"
        assert len(marks) == 1, "runs forward"
        torch.randn(3)
        checkpoint(lambda t: t.sin().sum(), b)
        drawn = torch.get_rng_state()
        (result * v).sum().backward()
        assert torch.get_rng_state().equal(drawn), "the state"
        assert len(marks) == 2, "runs in all"
        assert all(flag is True and name is marker for flag, name, _ in marks), "what is no tensor"
        for leaf, gradient in zip(leaves, wanted, strict=True):
            assert leaf.grad is not None, "no gradient"
            assert torch.allclose(leaf.grad, gradient), "another gradient"
