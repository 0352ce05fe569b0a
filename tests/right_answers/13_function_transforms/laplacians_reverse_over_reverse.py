"""
task: laplacians
way: the Jacobian of the gradient by jacrev
"""


def laplacians(u, xs):
    def laplacian(x):
        return torch.func.jacrev(torch.func.grad(u))(x).diagonal().sum()

    return torch.func.vmap(laplacian)(xs)
