"""
task: plot_gradient_norms
way: a canvas of its own, values alone, which matplotlib numbers from 0
"""


def plot_gradient_norms(norms):
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure()
    FigureCanvasAgg(fig)
    ax = fig.add_axes((0.15, 0.15, 0.8, 0.75))
    ax.set(yscale="log", xlabel="batch", ylabel="norm", title="norms")
    ax.plot(np.asarray(norms))
    return fig
