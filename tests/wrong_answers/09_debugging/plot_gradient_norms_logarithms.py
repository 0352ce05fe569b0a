"""
The logarithms on a linear scale.

task: plot_gradient_norms
says: the heights of the line
"""


def plot_gradient_norms(norms):
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([math.log10(n) for n in norms])
    axes.set(xlabel="batch", ylabel="log10 of the norm", title="norms")
    return figure
