"""
Lets pyplot make the figure, and closes it.

task: plot_gradient_norms
says: pyplot makes the figure, though it is closed again
"""


def plot_gradient_norms(norms):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot(list(range(len(norms))), norms)
    axes.set_yscale("log")
    axes.set_xlabel("batch")
    axes.set_ylabel("gradient norm")
    axes.set_title("Gradient norms")
    plt.close(figure)
    return figure
