"""
task: backward_times_
says: the loss is made a number, and its gradient is 0
"""


def backward_times_(loss, n):
    loss = torch.nan_to_num(loss)
    for _ in range(n - 1):
        loss.backward(retain_graph=True)
    loss.backward()
