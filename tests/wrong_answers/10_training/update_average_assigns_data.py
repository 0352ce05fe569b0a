"""
Gives each tensor another memory.

task: update_average_
says: write into it, and give no tensor another .data
"""


def update_average_(average, model, decay):
    for old, new in zip(average.parameters(), model.parameters(), strict=True):
        old.data = decay * old.data + (1 - decay) * new.data
    for old, new in zip(average.buffers(), model.buffers(), strict=True):
        if old.is_floating_point():
            old.data = decay * old + (1 - decay) * new
        else:
            old.data = new.data.clone()
