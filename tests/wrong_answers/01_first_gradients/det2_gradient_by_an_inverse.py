"""
task: det2_gradient
says: det(a) · a⁻ᵀ is computed: a singular matrix has no inverse
"""


def det2_gradient(a):
    (p, q), (r, s) = a.detach()
    determinant = p * s - q * r
    inverse = torch.stack([s, -q, -r, p]).reshape(2, 2) / determinant
    return determinant * inverse.T
