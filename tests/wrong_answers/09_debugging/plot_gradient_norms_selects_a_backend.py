"""
task: plot_gradient_norms
says: matplotlib.rcParams['backend'] has another value after the call
"""


def plot_gradient_norms(norms: Sequence[float]) -> Figure:
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.use("agg")  # no display needed
    figure = Figure(layout="constrained")
    axes = figure.add_subplot()
    axes.plot(range(len(norms)), norms)
    axes.set_yscale("log")
    axes.set_xlabel("batch")
    axes.set_ylabel("gradient norm")
    axes.set_title("Gradient norms over batches")
    return figure
