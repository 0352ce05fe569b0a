"""
task: plot_gradient_norms
way: subplots of a Figure, semilogy, markers, other words
"""


def plot_gradient_norms(norms):
    from matplotlib import figure

    fig = figure.Figure(figsize=(6, 4), layout="constrained")
    ax = fig.subplots()
    ax.semilogy(list(range(len(norms))), list(norms), marker="o", color="tab:red", label="norm")
    ax.set_xlabel("number of the batch")
    ax.set_ylabel("2-norm of the gradient")
    ax.set_title("Gradient norms", loc="left")
    ax.grid(True, which="both")
    ax.legend()
    return fig
