"""
task: scaled_step
says: the loss is not scaled
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    loss.backward()
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scale = scaler.scale(torch.ones((), device=norm.device)).item()
    if norm.isfinite():
        optimizer.step()
    scaler.update(scale * (2 if norm.isfinite() else 0.5))
    optimizer.zero_grad()
    return norm
