"""
task: total_norm
says: for 7 parameters, values of tensors were taken to Python 7 times
says: item 7×
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    norms = [grad.norm(norm_type).item() for grad in grads]
    like = grads[0] if grads else torch.zeros(())
    return like.new_tensor(norms).norm(norm_type) if grads else like
