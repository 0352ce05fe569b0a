"""
task: saved_bytes
says: Count while fn runs, as a pack hook does
"""


def saved_bytes(fn, *args):
    y = fn(*args)
    seen, todo, done = {}, [getattr(y, "grad_fn", None)], set()
    while todo:
        node = todo.pop()
        if node is None or node in done:
            continue
        done.add(node)
        saved = [getattr(node, n) for n in dir(node) if n.startswith("_saved_")]
        saved += getattr(node, "saved_tensors", ())
        for t in saved:
            if isinstance(t, Tensor):
                seen[t.untyped_storage().data_ptr()] = t.untyped_storage()
        todo += [n for n, _ in node.next_functions]
    return sum(s.nbytes() for s in seen.values())
