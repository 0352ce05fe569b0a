"""
task: check_mul_backward
says: · float32 operands get gradients in float64
lets: 19 21-23
"""


def check_mul_backward(backward):
    for shape_x, shape_y in [((4, 1), (5, 2, 1, 3)), ((), (2,)), ((1, 3), (1, 3))]:
        x, y = _random(*shape_x).requires_grad_(), _random(*shape_y).requires_grad_()
        product = x * y
        v = torch.randn_like(product)
        expected = torch.autograd.grad(product, (x, y), v)
        inputs = v, x.detach(), y.detach()
        before = [tensor.clone() for tensor in inputs]
        found = backward(*inputs)
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)
        assert all(map(torch.equal, inputs, before)), "an argument is overwritten"
        assert not any(tensor.requires_grad for tensor in inputs), "an argument requires grad"
