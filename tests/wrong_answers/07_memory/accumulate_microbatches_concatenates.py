"""
task: accumulate_microbatches_
says: the model ran on [8]
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    xs, ys = zip(*batches)
    loss = loss_fn(model(torch.cat(xs)), torch.cat(ys))
    loss.backward()
    return loss.item()
