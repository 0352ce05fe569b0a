"""
task: scaled_step
says: Attempted unscale_ but _scale is None
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    loss.backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
