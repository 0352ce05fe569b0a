"""
task: safe_step
way: torch._foreach_norm and torch._foreach_mul_, clears with zeros
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad(set_to_none=False)
    torch.autograd.backward([loss])
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(grads)))
    good = bool(torch.isfinite(norm))
    if good:
        torch._foreach_mul_(grads, min(1.0, max_norm / max(float(norm), 1e-30)))
        optimizer.step()
    optimizer.zero_grad(set_to_none=False)
    return StepReport(stepped=good, norm=float(norm))
