"""
task: plot_gradient_norms
way: a Line2D added to axes placed by hand, powers of two
"""


def plot_gradient_norms(norms: Sequence[float]) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    figure = Figure(figsize=(7, 3))
    axes = figure.add_axes(
        (0.12, 0.2, 0.83, 0.65), yscale="log", xlabel="Batch", ylabel="2-norm", title="Gradients"
    )
    axes.set_yscale("log", base=2)
    axes.add_line(Line2D(list(range(len(norms))), list(norms), marker=".", color="black"))
    axes.autoscale_view()
    return figure
