"""
Frees the graph with one more pass of gradient 0, so that hooks run n + 1 times (and an infinite slope leaves NaN).

task: backward_times_
says: a hook on a tensor inside the graph ran 2 times for n = 1
"""


def backward_times_(loss: Tensor, n: int) -> None:
    for _ in range(n):
        loss.backward(retain_graph=True)
    loss.backward(torch.zeros_like(loss))
