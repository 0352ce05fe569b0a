"""
task: check_mul_backward
way: values by einsum and loops, shapes first, both orders
"""


def check_mul_backward(backward):
    for a, b in [
        ((4, 3), (4, 1)),
        ((4, 3), (3,)),
        ((4, 3), ()),
        ((1, 3), (1, 3)),
        ((2, 4, 3), (4, 1)),
        ((2, 2, 3), (3,)),
    ]:
        for turned in False, True:
            big, v = (
                torch.randn(a[::-1]).double().permute(list(range(len(a)))[::-1]) for _ in "ab"
            )
            small = torch.randn(b[::-1]).double().permute(list(range(len(b)))[::-1])
            args = [small, big] if turned else [big, small]
            kept = [v.clone(), *(t.clone() for t in args)]
            result = backward(grad_output=v, x=args[0], y=args[1])
            for now, then in zip([v, *args], kept, strict=True):
                assert torch.equal(now, then), "an argument changed"
                assert not now.requires_grad, "an argument requires grad"
            assert isinstance(result, tuple) and len(result) == 2, "no tuple of two"
            g_big, g_small = result[::-1] if turned else result
            assert g_big.shape == big.shape, g_big.shape
            assert g_small.shape == small.shape, g_small.shape
            assert torch.allclose(g_big, kept[0] * small, rtol=1e-10), "the larger one's"
            assert g_big.dtype == g_small.dtype == torch.float64, "dtype"
            wide = small.expand(a)
            due = torch.zeros(b).double()
            for place in torch.cartesian_prod(*map(torch.arange, a)).tolist():
                at = place[len(a) - len(b) :]
                at = tuple(i if n > 1 else 0 for i, n in zip(at, b, strict=True))
                due[at] += kept[0][tuple(place)] * big[tuple(place)]
            assert torch.allclose(g_small, due, rtol=1e-9, atol=1e-12), "the smaller one's"
    single = backward(torch.ones(2), torch.ones(2), torch.ones(2))
    assert {g.dtype for g in single} == {torch.float32}, "dtype of float32"
