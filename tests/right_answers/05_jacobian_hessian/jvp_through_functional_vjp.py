"""
task: jvp_double_backward
way: torch.autograd.functional.vjp of a function of u, which is itself one; f called once more for its shape
"""


def jvp_double_backward(f, x, v):
    with torch.no_grad():
        y = f(x.detach())

    def pulled(u):
        return torch.autograd.functional.vjp(f, x.detach(), u, create_graph=True)[1]

    return torch.autograd.functional.vjp(pulled, torch.zeros_like(y), v)[1]
