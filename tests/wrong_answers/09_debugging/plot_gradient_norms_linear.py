"""
No log scale.

task: plot_gradient_norms
says: the scale of the norms is linear
"""


def plot_gradient_norms(norms):
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.plot(norms)
    axes.set(xlabel="batch", ylabel="norm", title="norms")
    return figure
