"""
task: check_mul_backward
says: your check rejects a right one: it sums by a product with ones, and all is two last bits larger;
lets: 14 16 19 21-23
rejects: 4
"""


def check_mul_backward(backward):
    for shape_x, shape_y in [((50, 1), (50, 300)), ((50, 30), ()), ((1, 3), (1, 3))]:
        x, y = _random(*shape_x).requires_grad_(), _random(*shape_y).requires_grad_()
        product = x * y
        v = torch.randn_like(product)
        kept = v.clone()
        found = backward(v, x.detach(), y.detach())
        assert torch.equal(v, kept), "grad_output is overwritten"
        for one, other in zip(found, torch.autograd.grad(product, (x, y), kept), strict=True):
            assert torch.equal(one, other), "the gradient is another"
