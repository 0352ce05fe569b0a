"""
Changes matplotlib's settings for everybody.

task: plot_gradient_norms
says: has another value after the call
"""


def plot_gradient_norms(norms):
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams["axes.titlesize"] = 20
    figure = Figure()
    axes = figure.add_subplot()
    axes.semilogy(norms)
    axes.set(xlabel="batch", ylabel="norm", title="norms")
    return figure
