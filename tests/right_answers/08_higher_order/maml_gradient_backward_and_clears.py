"""
task: maml_gradient
way: backward into w alone, the cycle broken by hand
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().clone().requires_grad_()
    loss_fn(w, support).backward(create_graph=True, inputs=[w])
    g, w.grad = w.grad, None
    loss_fn(w - lr * g, query).backward(inputs=[w])
    return w.grad
