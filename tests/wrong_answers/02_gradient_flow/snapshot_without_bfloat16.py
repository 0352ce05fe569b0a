"""
task: snapshot
says: BFloat16
"""


def snapshot(t):
    return t.detach().cpu().numpy().copy()
