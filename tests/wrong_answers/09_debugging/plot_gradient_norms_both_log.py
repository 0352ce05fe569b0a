"""
Both axes have a log scale.

task: plot_gradient_norms
says: the scale of the batches' numbers is log
"""


def plot_gradient_norms(norms):
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.loglog(norms)
    axes.set(xlabel="batch", ylabel="norm", title="norms")
    return figure
