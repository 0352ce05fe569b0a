"""
task: check_clip_grad_norm_
way: numbers worked out by hand: a norm of 5 and of 13, a model's generator
"""


def check_clip_grad_norm_(clip):
    model = nn.Linear(2, 1).double()
    for max_norm, scale in (2.0, 2 / 13), (13.5, 1), (26.0, 1):
        model.weight.grad = torch.tensor([[3.0, 4.0]]).double()
        model.bias.grad = torch.tensor([12.0]).double()
        own = [model.weight.grad, model.bias.grad]
        norm = clip(params=(p for p in model.parameters()), max_norm=max_norm)
        assert norm.shape == () and abs(norm.item() - 13) < 1e-9, f"the norm is {norm}, not 13"
        assert model.weight.grad is own[0] and model.bias.grad is own[1], "not in place"
        found = [*own[0].flatten().tolist(), own[1].item()]
        for one, due in zip(found, (3 * scale, 4 * scale, 12 * scale), strict=True):
            assert abs(one - due) <= (1e-5 * due if scale < 1 else 0), f"{found}"
    model.weight.grad, model.bias.grad = torch.tensor([[0.33, 0.56]], dtype=torch.float64), None
    assert abs(clip(model.parameters(), 1.0).item() - 0.65) < 1e-12, "the norm is not 0.65"
    model.weight.grad.zero_()
    assert clip(model.parameters(), 1.0) == 0, "the norm is not 0"
    assert model.weight.grad.eq(0).all(), "0 is no more 0"
    assert model.bias.grad is None, "there is a gradient where none was"
    model.weight.grad = None
    assert float(clip(model.parameters(), 1.0)) == 0, "nothing has no norm"
    single = torch.ones(2, requires_grad=True)
    single.grad = torch.ones(2)
    assert clip([single], 9.0).dtype == torch.float32, "the norm has another dtype"
