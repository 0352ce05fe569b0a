"""
task: check_mul_backward
says: · only x's gradient is summed, as if y were always the larger
lets: 13 15-16 19 21-23
"""


def check_mul_backward(backward):
    for shape_x, shape_y in [((4, 1), (2, 4, 3)), ((), (2,)), ((1, 3), (1, 3))]:
        x, y = _random(*shape_x).requires_grad_(), _random(*shape_y).requires_grad_()
        product = x * y
        v = torch.randn_like(product)
        expected = torch.autograd.grad(product, (x, y), v)
        kept = v.clone()
        found = backward(v, x.detach(), y.detach())
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)
        assert torch.equal(v, kept), "grad_output is overwritten"
