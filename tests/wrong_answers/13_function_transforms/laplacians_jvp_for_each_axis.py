"""
task: laplacians
says: u is called 3 times
"""


def laplacians(u, xs):
    d = xs.shape[1]

    def laplacian(x):
        total = 0
        for v in torch.eye(d, dtype=xs.dtype, device=xs.device):
            total = total + torch.func.jvp(torch.func.grad(u), (x,), (v,))[1] @ v
        return total

    return torch.func.vmap(laplacian)(xs)
