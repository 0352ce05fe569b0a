"""
task: tangent_line
way: the intercept is the value at 0 of the line as a tensor; a list for the pair
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    height = f(at)
    height.backward()
    return [at.grad.item(), (height + at.grad * (0 - at)).item()]
