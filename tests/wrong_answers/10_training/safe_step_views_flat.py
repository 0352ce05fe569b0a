"""
Views gradients as vectors, which only contiguous ones can be.

task: safe_step
says: with a weight that is not contiguous
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = torch.cat([p.grad.view(-1) for p in model.parameters() if p.grad is not None]).norm()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm.item(), stepped)
