"""
task: laplacian
says: a tensor is due
"""


def laplacian(f, x):
    return sum(
        torch.autograd.functional.hvp(f, x.detach(), e.reshape(x.shape))[1].flatten()[i].item()
        for i, e in enumerate(torch.eye(x.numel(), dtype=x.dtype))
    )
