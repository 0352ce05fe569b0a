"""
task: checkpoint
way: saved-tensor hooks that keep a table, filled by the first that asks and emptied as it is read
"""


class _Place:
    def __init__(self, number):
        self.number = number


def checkpoint(fn, *args):
    def states():
        on_gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
        return torch.get_rng_state(), on_gpus

    def set_states(on_cpu, on_gpus):
        torch.set_rng_state(on_cpu)
        if on_gpus:
            torch.cuda.set_rng_state_all(on_gpus)

    before = states()
    table, count = {}, [0]

    def pack(_):
        count[0] += 1
        return _Place(count[0])

    def note(t):
        table[len(table) + 1] = t.detach()

    def unpack(place):
        if place.number not in table:
            table.clear()
            now = states()
            set_states(*before)
            try:
                with torch.enable_grad(), saved_tensors_hooks(note, lambda _: None):
                    fn(*args)
            finally:
                set_states(*now)
        return table[place.number]

    with saved_tensors_hooks(pack, unpack):
        return fn(*args)
