"""
task: gradients_of
says: given names of a frozen and an unused one, it raises RuntimeError: One of the differentiated Tensors does not require grad
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    with torch.enable_grad():
        loss = loss_fn(model(x.detach()), y)
    chosen = [params[name] for name in names]
    return dict(zip(names, torch.autograd.grad(loss, chosen, materialize_grads=True)))
