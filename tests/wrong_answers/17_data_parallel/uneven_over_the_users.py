"""
task: average_uneven_gradients_
says: the mean is over those alone that used the parameter
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    for p in params:
        n = torch.tensor(0 if p.grad is None else samples, device=p.device)
        dist.all_reduce(n)
        if n:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p.grad *= samples / n.item()
            dist.all_reduce(p.grad)
