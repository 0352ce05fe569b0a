"""
task: gauss_newton_product
says: a tensor of 4,000,000 elements is made
"""


def gauss_newton_product(f, x, v):
    jacobian = torch.func.jacrev(f)(x).detach().reshape(-1, x.numel())
    return (jacobian.T @ (jacobian @ v.detach().reshape(-1))).reshape(x.shape)
