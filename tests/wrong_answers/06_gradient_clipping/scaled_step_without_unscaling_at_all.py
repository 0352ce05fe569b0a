"""
task: scaled_step
says: it is the norm of the scaled gradients
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return norm
