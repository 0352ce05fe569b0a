"""
task: maml_gradient
says: the slope in the step is a constant to autograd (first order)
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=lr)
    loss_fn(w, support).backward(inputs=[w])
    optimizer.step()
    w.grad = None
    loss_fn(w, query).backward(inputs=[w])
    return w.grad
