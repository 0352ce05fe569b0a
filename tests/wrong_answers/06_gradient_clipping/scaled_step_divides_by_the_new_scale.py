"""
task: scaled_step
says: it is divided by the scale after update, which may change it
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    norm = nn.utils.clip_grad_norm_(params, max_norm * scaler.get_scale())
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm / scaler.get_scale()
