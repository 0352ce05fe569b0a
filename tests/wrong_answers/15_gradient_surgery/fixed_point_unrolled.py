"""
task: fixed_point
says: run the steps without a graph
"""


def fixed_point(f, theta, z, steps):
    z = z.detach()
    for _ in range(steps):
        z = f(z, theta)
    return z
