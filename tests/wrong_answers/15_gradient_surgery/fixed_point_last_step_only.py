"""
task: fixed_point
says: only the last step is differentiated
"""


def fixed_point(f, theta, z, steps):
    z = z.detach()
    for _ in range(steps - 1):
        z = f(z, theta.detach()).detach()
    return f(z, theta)
