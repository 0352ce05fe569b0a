"""
task: gauss_newton_product
way: the gradient by v of ½‖Jv‖²
"""


def gauss_newton_product(f, x, v):
    x, v = x.detach(), v.detach()

    def half_the_square(v):
        return torch.func.jvp(f, (x,), (v,))[1].square().sum() / 2

    return torch.func.grad(half_the_square)(v).detach()
