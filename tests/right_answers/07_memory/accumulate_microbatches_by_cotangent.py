"""
task: accumulate_microbatches_
way: the number of samples goes into backward, and _foreach_div_ divides
"""


def accumulate_microbatches_(model, loss_fn, batches):
    for p in model.parameters():
        p.grad = None
    sizes, losses = [], []
    for x, y in batches:
        loss = loss_fn(model(x), y)
        torch.autograd.backward(loss, loss.new_tensor(float(x.shape[0])))
        sizes.append(x.shape[0])
        losses.append(loss.item() * sizes[-1])
        del loss
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    torch._foreach_div_(grads, float(sum(sizes)))
    return sum(losses) / sum(sizes)
