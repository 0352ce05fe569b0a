"""
task: broadcast_state_
way: the tensors themselves, in no_grad
"""


@torch.no_grad()
def broadcast_state_(module, src=0):
    for t in {id(t): t for t in [*module.parameters(), *module.buffers()]}.values():
        work = dist.broadcast(t, src, async_op=True)
        work.wait()
