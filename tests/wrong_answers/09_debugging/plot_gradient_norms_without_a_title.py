"""
Labels, but no title.

task: plot_gradient_norms
says: the axes have no title
"""


def plot_gradient_norms(norms):
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.semilogy(norms)
    axes.set(xlabel="batch", ylabel="norm")
    return figure
