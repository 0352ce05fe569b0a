"""
task: jacobian_forward
says: it raises RuntimeError: Trying to set a forward gradient that has a different size
"""


def jacobian_forward(f, x):
    at = x.detach()

    def column(v):
        return torch.func.jvp(f, (at,), (v,))[1]

    basis = torch.eye(len(at), dtype=at.dtype, device=at.device)
    return torch.func.vmap(column)(basis).detach().mT
