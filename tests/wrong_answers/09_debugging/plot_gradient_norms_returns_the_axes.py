"""
Returns the axes.

task: plot_gradient_norms
says: yours is of the type Axes, a matplotlib.figure.Figure is due
"""


def plot_gradient_norms(norms):
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    axes.semilogy(norms)
    axes.set(xlabel="batch", ylabel="norm", title="norms")
    return axes
