"""
task: checkpoint
way: numbers from iterators as tickets, and a dict that is emptied ticket by ticket
"""


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)
    cuda = sorted(
        {a.device.index for a in args if isinstance(a, Tensor) and a.device.type == "cuda"}
    )
    before = torch.get_rng_state(), [torch.cuda.get_rng_state(i) for i in cuda]
    box = {}
    tickets = iter(range(10**9))

    def unpack(ticket):
        if ticket not in box:
            again = iter(range(10**9))

            def pack2(t):
                k = next(again)
                box[k] = t.detach()
                return k

            with (
                torch.random.fork_rng(cuda),
                torch.enable_grad(),
                saved_tensors_hooks(pack2, lambda k: box[k]),
            ):
                torch.set_rng_state(before[0])
                for i, s in zip(cuda, before[1]):
                    torch.cuda.set_rng_state(s, i)
                fn(*args)
        return box.pop(ticket)

    with saved_tensors_hooks(lambda t: next(tickets), unpack):
        return fn(*args)
