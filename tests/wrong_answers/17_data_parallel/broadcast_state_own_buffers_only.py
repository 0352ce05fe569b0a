"""
task: broadcast_state_
says: yours['first.inner']: 2 of 2 elements differ
"""


def broadcast_state_(module: nn.Module, src: int = 0) -> None:
    for t in dict.fromkeys([*module.parameters(), *module.buffers(recurse=False)]):
        dist.broadcast(t.detach(), src)
