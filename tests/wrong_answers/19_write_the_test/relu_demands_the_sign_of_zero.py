"""
task: check_relu
says: your check rejects a right one: it is where(x <= 0, 0, x), so −0.0 gives 0.0
says: it says: relu(−0.0) is not −0.0
rejects: 2 4
"""


def check_relu(relu):
    x = torch.cat([_random(20) * 10, torch.tensor([-7.0, 0.0, 7.0, -torch.inf])])
    kept, v = x.clone(), torch.cat([_random(20), torch.tensor([2.0, 3.0, -4.0, 1.0])])
    y = relu(x.requires_grad_())
    assert torch.equal(x, kept), "x is overwritten"
    assert torch.equal(y, torch.relu(kept)), "the values"
    assert not y[kept < 0].signbit().any(), "a negative x gives −0.0"
    (grad,) = torch.autograd.grad(y, x, v)
    assert torch.equal(grad, v * (kept > 0)), "the gradient"
    assert relu(torch.tensor([torch.nan])).isnan().all(), "NaN"
    assert relu(torch.tensor([-0.0])).signbit().all(), "relu(−0.0) is not −0.0"
