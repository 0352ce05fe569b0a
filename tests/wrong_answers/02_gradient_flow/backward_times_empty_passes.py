"""
task: backward_times_
says: gradients that a hook inside the graph saw
"""


def backward_times_(loss, n):
    for _ in range(n - 1):
        loss.backward(gradient=torch.zeros_like(loss), retain_graph=True)
    loss.backward(gradient=torch.full_like(loss, n))
