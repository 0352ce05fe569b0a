"""
task: check_clip_grad_norm_
says: · it scales always, so that small gradients grow
lets: 4-22
"""


def check_clip_grad_norm_(clip):
    params = [nn.Parameter(_random(4, 3)), nn.Parameter(_random(4))]
    for p in params:
        p.grad = torch.full_like(p, 0.9)
    clip(params, 1.0)
    norm = torch.cat([p.grad.flatten() for p in params]).norm()
    assert norm <= 1.0 + 1e-6, "the norm is larger than max_norm"
