"""
task: derivatives_along
way: the value is carried as has_aux, and the slope alone is differentiated
"""


def derivatives_along(f, x, v):
    def slope(at):
        value, first = torch.func.jvp(f, (at,), (v.detach(),))
        return first, value

    first, second, value = torch.func.jvp(slope, (x.detach(),), (v.detach(),), has_aux=True)
    return value.detach(), first.detach(), second.detach()
