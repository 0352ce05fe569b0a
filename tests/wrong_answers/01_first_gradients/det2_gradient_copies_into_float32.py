"""
task: det2_gradient
says: yours is torch.float32, torch's is torch.float64
"""


def det2_gradient(a):
    (p, q), (r, s) = a.tolist()
    return torch.tensor([[s, -r], [-q, p]])
