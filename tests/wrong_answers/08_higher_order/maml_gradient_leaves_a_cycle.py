"""
task: maml_gradient
says: not even garbage collection frees them
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    loss_fn(w, support).backward(create_graph=True, inputs=[w])
    (out,) = torch.autograd.grad(loss_fn(w - lr * w.grad, query), w)
    return out
