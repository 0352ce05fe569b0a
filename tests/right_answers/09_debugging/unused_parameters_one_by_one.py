"""
task: unused_parameters
way: asks for one parameter at a time
"""


def unused_parameters(model, loss):
    def unused(p):
        (g,) = torch.autograd.grad(loss, p, retain_graph=True, allow_unused=True)
        return g is None

    return [n for n, p in model.named_parameters() if p.requires_grad and unused(p)]
