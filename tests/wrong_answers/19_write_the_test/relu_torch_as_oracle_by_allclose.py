"""
task: check_relu
says: · a negative x gives −0.0
lets: 12
"""


def check_relu(relu):
    x = torch.cat([_random(20) * 10, torch.tensor([-7.0, 0.0, 7.0, torch.inf, -torch.inf])])
    kept, v = x.clone(), torch.cat([_random(20), torch.tensor([2.0, 3.0, -4.0, 1.0, 1.0])])
    grads = []
    for function in (relu, torch.relu):
        leaf = x.clone().requires_grad_()
        y = function(leaf)
        assert torch.equal(leaf, kept), "x is overwritten"
        assert torch.allclose(y, torch.relu(kept)), "the values"
        grads += torch.autograd.grad(y, leaf, v)
    assert torch.allclose(*grads), "the gradients"
    assert relu(torch.tensor([torch.nan])).isnan().all(), "NaN"
