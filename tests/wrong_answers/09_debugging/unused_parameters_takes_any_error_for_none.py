"""
Takes any error of backward for that of a missing path.

task: unused_parameters
says: any error of backward is taken for a parameter that is not used
"""


def unused_parameters(model, loss):
    unused = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            try:
                torch.autograd.grad(loss, p, retain_graph=True)
            except RuntimeError:
                unused.append(name)
    return unused
