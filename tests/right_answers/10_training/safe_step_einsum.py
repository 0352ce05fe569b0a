"""
task: safe_step
way: a dict of gradients by name, and the norm by einsum
"""


def safe_step(model, optimizer, loss, max_norm):
    named = {n: p for n, p in model.named_parameters() if p.requires_grad}
    got = dict(zip(named, torch.autograd.grad(loss, tuple(named.values()), allow_unused=True)))
    square = sum(
        torch.einsum("i,i->", g.flatten(), g.flatten()) for g in got.values() if g is not None
    )
    norm = square.sqrt().item()
    model.zero_grad()
    if norm == float("inf") or norm != norm:
        return StepReport(norm, False)
    for n, p in named.items():
        if got[n] is not None:
            p.grad = got[n] / max(1.0, norm / max_norm)
    optimizer.step()
    return StepReport(norm, True)
