"""
task: checkpoint
way: saved-tensor hooks that keep a table, filled by the first that asks and emptied as it is read
"""


class _Place:
    def __init__(self, number):
        self.number = number


def checkpoint(fn, *args):
    before = torch.get_rng_state()
    table, count = {}, [0]

    def pack(_):
        count[0] += 1
        return _Place(count[0])

    def note(t):
        table[len(table) + 1] = t.detach()

    def unpack(place):
        if place.number not in table:
            table.clear()
            now = torch.get_rng_state()
            torch.set_rng_state(before)
            with torch.enable_grad(), saved_tensors_hooks(note, lambda _: None):
                fn(*args)
            torch.set_rng_state(now)
        return table[place.number]

    with saved_tensors_hooks(pack, unpack):
        return fn(*args)
