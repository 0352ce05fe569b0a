"""
task: maml_gradient
says: the slope of the support loss is added: it stays in .grad
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    loss_fn(w, support).backward(create_graph=True, inputs=[w])
    loss_fn(w - lr * w.grad, query).backward(inputs=[w])
    return w.grad.detach()
