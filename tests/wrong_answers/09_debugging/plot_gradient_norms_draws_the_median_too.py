"""
Draws a second line.

task: plot_gradient_norms
says: the axes have 2 lines
"""


def plot_gradient_norms(norms):
    from statistics import median

    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3))
    axes = figure.subplots()
    axes.semilogy(range(len(norms)), norms)
    if len(norms) > 0:
        axes.axhline(median(norms), linestyle="--", color="gray")
    axes.set_xlabel("batch")
    axes.set_ylabel("gradient norm")
    axes.set_title("Gradient norms")
    return figure
