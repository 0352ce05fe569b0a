"""
task: maml_gradient
says: outlives a call that raises
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    loss_fn(w, support).backward(create_graph=True, inputs=[w])
    q = torch.autograd.grad(loss_fn(w - lr * w.grad, query), w)[0].detach()
    w.grad = None
    return q
